using Microsoft.Playwright;
using Users.EndToEnd.Tests.Support;
using Users.V1;
using static Users.EndToEnd.Tests.Web.Tab;

namespace Users.EndToEnd.Tests.Web;

/// <summary>The list of the page: what somebody does with it, in a browser.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Ada = "Ada Lovelace";
    private readonly TestFolder _folder = new();
    private ServerProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await ServerProcess.StartAsync(_folder.Database, "ASPNETCORE_ENVIRONMENT=Development");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_user_is_created_changed_and_deleted()
    {
        await using Tab tab = await OpenAsync();
        await tab.CreateAsync("Radia Perlman", "radia@example.com");
        await tab.HasUsersAsync(6);

        await tab.Row("Radia Perlman").ClickAsync();
        await tab.Field("Name", "#edit").FillAsync("Radia J. Perlman");
        await tab.Press("Save").ClickAsync();
        await Expect(tab.Row("Radia J. Perlman")).ToContainTextAsync("radia@example.com");
        User radia = Assert.Single(await _server.Client.ListAsync(), user => user.Name == "Radia J. Perlman");

        await tab.Row("Radia J. Perlman").ClickAsync();
        await tab.Press("Delete").ClickAsync();
        await tab.HasUsersAsync(5);
        Assert.Equal(radia, await _server.Client.GetAsync(radia.Id));
        await tab.Press("Undo").ClickAsync();
        await tab.HasUsersAsync(6);

        await tab.List.PressAsync("End");
        await tab.List.PressAsync("Delete");
        await tab.Page.RunAndWaitForResponseAsync(() => Expect(tab.Page.Locator(".toast")).ToHaveCountAsync(1), response => response.Url.EndsWith("/DeleteUser", StringComparison.Ordinal));
        await tab.Press("Load again").ClickAsync();
        await tab.HasUsersAsync(5);
        Assert.DoesNotContain(await _server.Client.ListAsync(), user => user.Id == radia.Id);
    }

    [Fact]
    public async Task What_is_wrong_with_a_user_stands_at_its_field()
    {
        await using Tab tab = await OpenAsync();

        await tab.CreateAsync("", "ada");

        ILocator name = tab.Field("Name", "#create"), email = tab.Field("Email", "#create");
        await Expect(name).ToHaveAccessibleDescriptionAsync("Name is required: give 1 to 200 characters.");
        await Expect(email).ToHaveAccessibleDescriptionAsync("Email is not an email address: \"ada\". Give one such as ada@example.com, without spaces.");
        await Expect(name).ToBeFocusedAsync();
        await Expect(email).ToHaveAttributeAsync("aria-invalid", "true");

        await tab.CreateAsync("Another Ada", "ada@example.com");
        await Expect(name).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(email).ToHaveAttributeAsync("aria-invalid", "true");
        await tab.CreateAsync("Another Ada", "another@example.com");
        await tab.HasUsersAsync(6);
    }

    [Theory]
    [InlineData("Save mine", "Ada King")]
    [InlineData("Take theirs", "Countess of Lovelace")]
    public async Task A_change_that_another_was_faster_with_is_shown_and_decided(string decision, string name)
    {
        await using Tab tab = await OpenAsync();
        await tab.Row(Ada).ClickAsync();
        await tab.Field("Name", "#edit").FillAsync("Ada King");
        User ada = (await _server.Client.ListAsync())[0];
        await _server.Client.UpdateUserAsync(new() { Id = ada.Id, Name = "Countess of Lovelace" }, cancellationToken: Token);

        await tab.Press("Save").ClickAsync();
        await Expect(tab.Page.Locator("#conflict")).ToContainTextAsync("Countess of Lovelace, ada@example.com");
        await tab.Press(decision).ClickAsync();
        if (decision == "Take theirs")
        {
            await Expect(tab.Field("Name", "#edit")).ToHaveValueAsync(name);
            await tab.Press("Save").ClickAsync();
        }

        await Expect(tab.Dialog).ToHaveCountAsync(0);
        await Expect(tab.Row(name)).ToHaveCountAsync(1);
        Assert.Equal(name, (await _server.Client.GetAsync(ada.Id)).Name);
    }

    [Fact]
    public async Task What_people_typed_is_text()
    {
        const string Name = "<img src=x onerror=alert(1)>";
        await _server.Client.AddUserAsync(Name);
        await using Tab tab = await OpenAsync();

        await Expect(tab.Row(Name)).ToHaveCountAsync(1);
        await tab.SayAsync("<b>Hello</b>");

        await Expect(tab.Lines).ToHaveTextAsync(["<b>Hello</b>"]);
        Assert.Equal(0, await tab.Page.Locator(".row img, #lines b").CountAsync());
    }

    [Fact]
    public async Task Of_a_long_list_the_visible_rows_are_there_and_keys_reach_the_rest()
    {
        using (var import = _server.Client.CreateUsers(cancellationToken: Token))
        {
            for (int i = 0; i < 20_000; i++)
            {
                await import.RequestStream.WriteAsync(new() { Name = $"Person {i}", Email = $"person-{i}@example.com" }, Token);
            }

            await import.RequestStream.CompleteAsync();
            Assert.Equal(20_000, (await import).UserCount);
        }

        await using Tab tab = await OpenAsync();
        await Expect(tab.Page.Locator("#list-state")).ToHaveTextAsync("20,005");
        Assert.InRange(await tab.Page.Locator(".row").CountAsync(), 5, 50);

        await tab.List.PressAsync("End");
        await Expect(tab.Row("person-19999@")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(tab.Row("person-19999@")).ToHaveAttributeAsync("aria-posinset", "20005");
        await Expect(tab.Row("person-19999@")).ToBeInViewportAsync();
        await tab.List.PressAsync("PageUp");
        await tab.Page.GetByLabel("Find").FillAsync("person-777@");
        await Expect(tab.Page.Locator(".row:visible")).ToHaveCountAsync(1);
        await tab.List.PressAsync("Enter");
        await Expect(tab.Field("Name", "#edit")).ToHaveValueAsync("Person 777");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Dialog).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Labels_contrast_and_structure_are_as_they_should(ColorScheme scheme, int width)
    {
        await using Tab tab = await OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        await tab.SayAsync("Hello");
        await Expect(tab.Lines).ToHaveCountAsync(1);
        await tab.CreateAsync("", "ada");
        await Expect(tab.Field("Email", "#create")).ToHaveAttributeAsync("aria-invalid", "true");

        Assert.Empty(await tab.AuditAsync());
        // Nothing is wider than the page.
        Assert.Equal(width, await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await tab.Row(Ada).ClickAsync();
        Assert.Empty(await tab.AuditAsync());
    }

    private Task<Tab> OpenAsync(BrowserNewPageOptions? options = null) => browser.OpenReadyAsync(_server.HttpAddress, options: options);
}
