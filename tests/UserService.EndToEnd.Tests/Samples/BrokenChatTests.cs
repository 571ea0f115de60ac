using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Samples;

/// <summary>The chat of each language over a link that breaks: every line is said once, every message shown once, in the room's order.</summary>
public sealed class BrokenChatTests(SampleFolder samples, RestartableServer server) : IClassFixture<RestartableServer>
{
    public static TheoryData<string> Languages => SampleFolder.Languages;

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Cut_again_and_again(string language)
    {
        const int Cuts = 3;
        const int LongAgo = 10_000;
        Sample sample = await samples.MakeAsync(language);
        User ada = await server.Client.AddUserAsync("Ada");
        string[] lines = [.. Enumerable.Range(1, 1_000).Select(number => $"line {number}")];
        await using var proxy = new TcpProxy(server, Enumerable.Repeat(new Fault(LongAgo, Fault.Kind.Cut), Cuts));
        await using ChildProcess chat = sample.Chat(proxy.Address, ada.Id, language);

        // The first alone: from what is heard on, the client knows where in the room it is.
        await chat.Input.WriteLineAsync(lines[0]);
        await chat.Output.FirstAsync(lines[0]);
        await chat.Input.WriteAsync(string.Concat(lines[1..].Select(line => line + "\n")));
        chat.Input.Close();

        Assert.True(await chat.EndAsync() == 0, $"{chat.Error}");
        Assert.Equal(lines, (await server.Client.ReadRoomAsync(ada.Id, language)).Select(message => message.Message));
        Assert.Equal(lines.Select((line, i) => $"#{i + 1} {line}"), chat.Output.All.Select(ChatLine.WithoutName));
        Assert.True(chat.Error.All.Count(line => line.EndsWith(": joining again", StringComparison.Ordinal)) >= Cuts, $"{chat.Error}");
    }
}
