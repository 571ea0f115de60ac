using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;
using Users.EndToEnd.Tests.Web;
using static Users.EndToEnd.Tests.Web.Tab;

namespace Users.EndToEnd.Tests.Cli.Web;

/// <summary>One room, from two tabs of a browser and from userctl.</summary>
public sealed class TerminalAndPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Grace = "01900000-0000-7000-8000-000000000003";
    private readonly RestartableServer _server = new("ASPNETCORE_ENVIRONMENT=Development");

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Through_a_restart_each_sees_every_message_once()
    {
        await using Tab ada = await OpenAsync(), alan = await OpenAsync();
        await alan.Row("Alan Turing").ClickAsync();
        await alan.Press("Speak as this one").ClickAsync();
        await using ChildProcess grace = UserctlProcess.Start(_server.Address, "chat", "--as", Grace);
        grace.Input.AutoFlush = true;
        await grace.Input.WriteLineAsync("from a terminal");
        await Expect(ada.Lines).ToHaveTextAsync(["from a terminal"]);
        await ada.SayAsync("from a tab");
        await grace.Output.FirstAsync("from a tab");

        await _server.EndAsync(isKilled: false);
        await Expect(alan.Page.Locator("#room-state")).ToContainTextAsync("Connection lost.");
        await alan.SayAsync("meanwhile");
        await grace.Error.FirstAsync("joining again in ");
        await _server.StartAgainAsync();
        await grace.Output.FirstAsync("meanwhile");
        await grace.Input.WriteLineAsync("after");

        string[] texts = ["from a terminal", "from a tab", "meanwhile", "after"];
        string[] names = ["Grace Hopper", "Ada Lovelace", "Alan Turing", "Grace Hopper"];
        foreach (Tab tab in (Tab[])[ada, alan])
        {
            await Expect(tab.Lines).ToHaveTextAsync(texts);
            await Expect(tab.Page.Locator("#lines .who")).ToHaveTextAsync(names);
        }

        grace.Input.Close();
        Assert.Equal(0, await grace.EndAsync());
        Assert.Equal(texts.Select((text, i) => $"#{i + 1} {text}"), grace.Output.All.Select(ChatLine.WithoutName));
    }

    private Task<Tab> OpenAsync() => browser.OpenReadyAsync(_server.HttpAddress, users: 5);
}
