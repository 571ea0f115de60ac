using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Users.EndToEnd.Tests.Web;

/// <summary>The page in a browser: what somebody sees, types and presses. Disposing it fails where a script of the page had a fault.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    public Tab(IPage page, string? expected)
    {
        Page = page;
        page.PageError += (_, fault) => _faults.Add(fault);
        page.Console += (_, message) =>
        {
            // The browser also reports a server that is away: that is no fault of the page.
            if (message.Type is "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                && (expected is null || !message.Text.Contains(expected, StringComparison.Ordinal)))
            {
                _faults.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public ILocator List => Page.Locator("#list");

    public ILocator Row(string name) => Page.Locator(".row", new() { HasText = name });

    public ILocator Lines => Page.Locator("#lines .text");

    public ILocator Pending => Page.Locator("#pending .said");

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    /// <summary>Waits until the list is complete and has so many.</summary>
    public Task HasUsersAsync(int count) => Expect(Page.Locator("#list-state")).ToHaveTextAsync($"{count}");

    /// <summary>Waits until the list is complete: its state is a number alone.</summary>
    public Task IsCompleteAsync() => Expect(Page.Locator("#list-state")).ToHaveTextAsync(new Regex("^[0-9,]+$"));

    public Task IsConnectedAsync() => Expect(Page.Locator("#room-state")).ToHaveTextAsync("Connected");

    public ILocator Field(string label, string form) => Page.Locator($"{form} label", new() { HasText = label }).Locator("input");

    public ILocator Press(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });

    public async Task CreateAsync(string name, string email)
    {
        await Field("Name", "#create").FillAsync(name);
        await Field("Email", "#create").FillAsync(email);
        await Press("Create").ClickAsync();
    }

    public async Task SayAsync(string text)
    {
        await Page.GetByLabel("Message", new() { Exact = true }).FillAsync(text);
        await Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>The faults of accessibility that axe finds in the page: labels, contrast, structure.</summary>
    public async Task<IEnumerable<string>> AuditAsync()
    {
        AxeResult result = await Page.RunAxe();
        return result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}"));
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Assert.Empty(_faults);
    }
}
