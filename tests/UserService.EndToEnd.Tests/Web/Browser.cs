using Microsoft.Playwright;
using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Web;

/// <summary>Chromium without a window, the one of the system. A test without it is skipped; in CI it fails.</summary>
public sealed class Browser : IAsyncLifetime
{
    // A machine that is busy draws late.
    private static readonly float Patience = (float)TimeSpan.FromSeconds(60).TotalMilliseconds;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        // The shell draws for nobody, in half the time.
        const string Find = "command -v chromium-headless-shell || command -v chromium";
        await Tools.RequireAsync(Find, "Chromium (apt-get install chromium-headless-shell)");
        string path = (await Shell.RunAsync(Find, "/")).Output.Trim();
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    /// <summary>Opens a page in a tab of its own, which shares nothing with the others.</summary>
    /// <param name="address">Of the page.</param>
    /// <param name="options">How the tab is.</param>
    /// <param name="faults">What the browser may complain of.</param>
    internal async Task<Tab> OpenAsync(string address, BrowserNewPageOptions? options = null, string? faults = null)
    {
        IPage page = await _browser!.NewPageAsync(options);
        page.SetDefaultTimeout(Patience);
        var tab = new Tab(page, faults);
        await page.GotoAsync(address);
        return tab;
    }

    /// <summary>Opens the page, and waits until its list is complete and its room is followed.</summary>
    /// <param name="address">Of the page.</param>
    /// <param name="users">How many the list has to have; null: any number.</param>
    /// <param name="options">How the tab is.</param>
    internal async Task<Tab> OpenReadyAsync(string address, int? users = null, BrowserNewPageOptions? options = null)
    {
        Tab tab = await OpenAsync(address, options);
        await (users is { } count ? tab.HasUsersAsync(count) : tab.IsCompleteAsync());
        await tab.IsConnectedAsync();
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
