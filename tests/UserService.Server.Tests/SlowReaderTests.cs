using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>A client that does not read its stream, while its HTTP/2 engine still answers the server's pings.</summary>
public sealed class SlowReaderTests
{
    // Some 8 MB in messages of 4 KB: more than HTTP/2's windows and the sockets' buffers take, and than the room's tail holds.
    private const int Count = 2_000;
    private static readonly string Text = new('x', 4_000);

    [Fact]
    public async Task A_stalled_reader_costs_the_others_nothing_and_later_hears_everything_in_order()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:KeepAliveDelay=00:00:01", "--Limits:KeepAliveTimeout=00:00:01");
        using Person ada = await Person.JoinAsync(server, "Ada", "engine");
        await ada.SayAsync("hello");
        await ada.HearAsync(1);
        using Person stalled = await Person.JoinAsync(server, "Grace", "engine", afterSequence: 0);
        await stalled.HearAsync(1);

        Task speaking = SpeakAsync(ada);
        IReadOnlyList<ChatMessage> heard = await ada.HearAsync(Count);
        await speaking;

        Assert.Equal(Enumerable.Range(2, Count).Select(i => (long)i), heard.Select(message => message.Sequence));
        Assert.Equal(heard, await stalled.HearAsync(Count));
    }

    private static async Task SpeakAsync(Person person)
    {
        for (int i = 0; i < Count; i++)
        {
            await person.SayAsync(Text);
        }
    }
}
