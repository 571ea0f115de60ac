using Users.EndToEnd.Tests.Support;
using static Users.EndToEnd.Tests.Web.Tab;

namespace Users.EndToEnd.Tests.Web;

/// <summary>The room of the page, through what breaks it.</summary>
public sealed class RoomPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly RestartableServer _server = new("ASPNETCORE_ENVIRONMENT=Development");

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [LongFormData(false)]
    [InlineData(true)]
    public async Task Through_a_restart_each_line_is_there_once(bool isKilled)
    {
        await using Tab ada = await OpenAsync(), alan = await OpenAsync();
        await alan.Row("Alan Turing").ClickAsync();
        await alan.Press("Speak as this one").ClickAsync();
        await ada.SayAsync("before");
        await Expect(alan.Lines).ToHaveTextAsync(["before"]);

        await _server.EndAsync(isKilled);
        await Expect(ada.Page.Locator("#room-state")).ToContainTextAsync("Connection lost.");
        await ada.SayAsync("meanwhile");
        await Expect(ada.Pending).ToContainTextAsync(["sending"]);
        await _server.StartAgainAsync();
        await ada.IsConnectedAsync();
        await Expect(alan.Lines).ToHaveTextAsync(["before", "meanwhile"]);
        await alan.SayAsync("after");

        foreach (Tab tab in (Tab[])[ada, alan])
        {
            await Expect(tab.Lines).ToHaveTextAsync(["before", "meanwhile", "after"]);
            await Expect(tab.Page.Locator("#lines .who")).ToHaveTextAsync(["Ada Lovelace", "Ada Lovelace", "Alan Turing"]);
            await Expect(tab.Pending).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task Of_a_long_room_the_end_is_shown_and_more_where_it_is_asked_for()
    {
        const string Speaker = "01900000-0000-7000-8000-000000000001";
        using (var call = _server.Client.ChatUsers(cancellationToken: TestContext.Current.CancellationToken))
        {
            for (int i = 1; i <= 250; i++)
            {
                await call.RequestStream.WriteAsync(new() { UserId = Speaker, Message = $"line {i}" }, TestContext.Current.CancellationToken);
            }

            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
            }
        }

        await using Tab tab = await OpenAsync();
        await Expect(tab.Lines).ToHaveTextAsync(Lines(151));
        await tab.Press("Show earlier messages").ClickAsync();
        await Expect(tab.Lines).ToHaveTextAsync(Lines(51));
        await tab.Press("Show earlier messages").ClickAsync();
        await Expect(tab.Lines).ToHaveTextAsync(Lines(1));
        await Expect(tab.Page.Locator("#earlier")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_line_that_is_refused_says_why_and_can_be_taken_back()
    {
        await using Tab tab = await OpenAsync();
        await tab.SayAsync(new string('x', 4_001));

        await Expect(tab.Pending).ToContainTextAsync(["not sent: "]);
        await tab.Press("Take it back").ClickAsync();
        await Expect(tab.Pending).ToHaveCountAsync(0);
        await tab.SayAsync("Hello");
        await Expect(tab.Lines).ToHaveTextAsync(["Hello"]);
    }

    private static string[] Lines(int first) => [.. Enumerable.Range(first, 251 - first).Select(number => $"line {number}")];

    private Task<Tab> OpenAsync() => browser.OpenReadyAsync(_server.HttpAddress, users: 5);
}
