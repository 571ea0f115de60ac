using Microsoft.Playwright;
using Users.EndToEnd.Tests.Support;
using Users.Server.Tests.Support;
using static Users.EndToEnd.Tests.Web.Tab;

namespace Users.EndToEnd.Tests.Web;

/// <summary>The page where it needs more than a server in Development: a token, or a permission to call from elsewhere.</summary>
public sealed class ForeignPageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_the_server_asks_for_tokens_the_page_asks_for_one_and_speaks_as_its_subject()
    {
        using var issuer = new TokenIssuer();
        await using ServerProcess server = await ServerProcess.Launch(
            [$"ConnectionStrings__Users=Data Source={_folder.Database}", "ASPNETCORE_ENVIRONMENT=Development"], issuer.Settings).StartedAsync();
        await using Tab tab = await browser.OpenAsync(server.HttpAddress);
        await Expect(tab.Dialog).ToContainTextAsync("token");

        await tab.Field("Token", "#token").FillAsync(issuer.Sign(
            TokenIssuer.Claims(TimeProvider.System.GetUtcNow(), "users.read users.write chat", "01900000-0000-7000-8000-000000000003")));
        await tab.Press("Use it").ClickAsync();

        await tab.HasUsersAsync(5);
        await tab.IsConnectedAsync();
        await Expect(tab.Page.Locator("#speaker")).ToHaveTextAsync("Grace Hopper");
        await tab.SayAsync("Hello");
        await Expect(tab.Page.Locator("#lines .who")).ToHaveTextAsync(["Grace Hopper"]);
    }

    [Fact]
    public async Task A_page_elsewhere_calls_where_its_origin_is_named_and_reads_errors_and_where_a_room_begins()
    {
        // Another origin: a server of the page alone.
        string dll = ServerProcess.CopyTo(_folder);
        await using ServerProcess elsewhere = await ServerProcess.Launch(
            [$"ConnectionStrings__Users=Data Source={_folder.Database}", "ASPNETCORE_ENVIRONMENT=Development"], dll: dll).StartedAsync();
        await using ServerProcess named = await StartAsync("named", $"Web__Origins=http://other.example {elsewhere.HttpAddress}");
        await using ServerProcess unnamed = await StartAsync("unnamed");
        string page = _folder.File(Path.Combine("Web", "Page", "index.html"));
        string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);

        // What holds this server's page from calling another server is not what is tested.
        var open = new BrowserNewPageOptions { BypassCSP = true };
        await WriteAsync(named);
        await using (Tab tab = await browser.OpenAsync(elsewhere.HttpAddress, open))
        {
            await tab.HasUsersAsync(5);
            await tab.IsConnectedAsync();
            await tab.CreateAsync("", "ada");
            await Expect(tab.Field("Name", "#create")).ToHaveAccessibleDescriptionAsync("Name is required: give 1 to 200 characters.");
            await tab.SayAsync("Hello");
            await Expect(tab.Lines).ToHaveTextAsync(["Hello"]);
        }

        Assert.Single(await named.Client.ReadRoomAsync("01900000-0000-7000-8000-000000000001", "lobby"));
        await WriteAsync(unnamed);
        await using Tab refused = await browser.OpenAsync(elsewhere.HttpAddress, open, faults: "blocked by CORS policy");
        await Expect(refused.Page.Locator("#list-state")).ToContainTextAsync("The server cannot be reached.");

        Task WriteAsync(ServerProcess server) => File.WriteAllTextAsync(
            page, html.Replace("name=\"server\" content=\"\"", $"name=\"server\" content=\"{server.HttpAddress}\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }

    private Task<ServerProcess> StartAsync(string name, params string[] settings) =>
        ServerProcess.StartAsync(_folder.File($"{name}.db"), ["ASPNETCORE_ENVIRONMENT=Development", .. settings]);
}
