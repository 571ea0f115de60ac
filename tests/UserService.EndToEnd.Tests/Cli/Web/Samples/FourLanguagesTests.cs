using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Samples;
using Users.EndToEnd.Tests.Support;
using Users.EndToEnd.Tests.Web;
using static Users.EndToEnd.Tests.Web.Tab;

namespace Users.EndToEnd.Tests.Cli.Web.Samples;

/// <summary>One room, from C#, Python, Go, JavaScript and a browser.</summary>
public sealed class FourLanguagesTests(Browser browser, SampleFolder samples) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly RestartableServer _server = new("ASPNETCORE_ENVIRONMENT=Development");

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [LongFormData(true)]
    public async Task Through_a_restart_each_sees_every_message_once_and_in_the_same_order(bool isKilled)
    {
        await using Tab tab = await browser.OpenReadyAsync(_server.HttpAddress, users: 5);
        await using ChildProcess csharp = UserctlProcess.Start(_server.Address, "chat", "--as", Id(2));
        csharp.Input.AutoFlush = true;
        await using ChildProcess python = (await samples.MakeAsync("python")).Chat(_server.Address, Id(3));
        await using ChildProcess go = (await samples.MakeAsync("go")).Chat(_server.Address, Id(4));
        await using ChildProcess node = (await samples.MakeAsync("node")).Chat(_server.Address, Id(5));
        (string Name, ChildProcess Process)[] terminals = [("C#", csharp), ("Python", python), ("Go", go), ("JavaScript", node)];

        // Each has joined when it hears itself.
        await SayAsync("joins", waits: true);
        await SayAsync("before", waits: true);
        await _server.EndAsync(isKilled);
        await Expect(tab.Page.Locator("#room-state")).ToContainTextAsync("Connection lost.");
        await SayAsync("meanwhile", waits: false);
        await _server.StartAgainAsync();
        foreach ((string name, ChildProcess process) in terminals)
        {
            await process.Output.FirstAsync($"{name} meanwhile");
        }

        await SayAsync("after", waits: true);

        var history = await _server.Client.ReadRoomAsync(Id(1), "lobby");
        Assert.Equal(
            from word in (string[])["joins", "before", "meanwhile", "after"] from name in (string[])["Browser", "C#", "Python", "Go", "JavaScript"] orderby $"{name} {word}" select $"{name} {word}",
            history.Select(message => message.Message).Order());
        await Expect(tab.Lines).ToHaveTextAsync(history.Select(message => message.Message));
        foreach ((string name, ChildProcess process) in terminals)
        {
            process.Input.Close();
            Assert.True(await process.EndAsync() == 0, $"{name}: {process.Error}");
            // From its own first line on.
            Assert.Equal(
                history.SkipWhile(message => message.Message != $"{name} joins").Select(message => $"#{message.Sequence} {message.Message}"),
                process.Output.All.SkipWhile(line => !line.EndsWith($"{name} joins", StringComparison.Ordinal)).Select(ChatLine.WithoutName));
        }

        async Task SayAsync(string word, bool waits)
        {
            await tab.SayAsync($"Browser {word}");
            foreach ((string name, ChildProcess process) in terminals)
            {
                await process.Input.WriteLineAsync($"{name} {word}");
                if (waits)
                {
                    await process.Output.FirstAsync($"{name} {word}");
                }
            }

            if (waits)
            {
                await Expect(tab.Page.Locator("#lines .text", new() { HasText = $"JavaScript {word}" })).ToHaveCountAsync(1);
                // The page sends beside its watch, and waits longer with each attempt: it may be the last one to come through.
                await Expect(tab.Pending).ToHaveCountAsync(0);
            }
        }
    }

    private static string Id(int number) => $"01900000-0000-7000-8000-{number:d12}";
}
