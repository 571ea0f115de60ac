using Users.Benchmarks.Load.Wire;
using Users.V1;

namespace Users.Benchmarks.Load;

/// <summary>ChatUsers: one that hears itself, and one that many hear. All check that nothing is missing and all is in order.</summary>
internal static class ChatLoad
{
    private const int Connections = 10;
    private const int ListenersEach = 100;
    private const int MaxBehind = 128;

    /// <summary>Messages per second that came back to their speaker, at most 1 024 of them on their way.</summary>
    public static async Task<Sample> PipeAsync(LoadTarget target, TimeSpan time, bool saysOnce, CancellationToken cancellationToken)
    {
        var run = new LoadRun();
        using var speaker = new Speaker(target, $"pipe-{Guid.NewGuid()}", "hello over the stream, how are you?", 1_024) { SaysOnce = saysOnce };
        return await run.MeasureAsync(target.Process, time, [() => speaker.Run(run, run.Add)], cancellationToken);
    }

    /// <summary>Messages of 200 bytes per second that reached 1 000 listeners, who are on average at most 128 behind.</summary>
    public static async Task<Sample> FanoutAsync(LoadTarget target, TimeSpan time, CancellationToken cancellationToken)
    {
        string room = $"fanout-{Guid.NewGuid()}";
        var run = new LoadRun();
        using var heard = new AutoResetEvent(false);
        Speaker speaker = null!;
        using Speaker speaking = speaker = new Speaker(target, room, new string('x', 200), MaxBehind)
        {
            MayGoOn = () => speaker.Sent - ((double)run.Done / (Connections * ListenersEach)) < MaxBehind,
            Wait = () => heard.WaitOne(TimeSpan.FromMilliseconds(1)),
        };
        RpcConnection[] listeners = [.. Enumerable.Range(0, Connections).Select(_ => Join(target, room))];
        try
        {
            return await run.MeasureAsync(
                target.Process,
                time,
                [() => speaking.Run(run, _ => { }), .. listeners.Select(connection => (Action)(() => Listen(connection)))],
                cancellationToken);
        }
        finally
        {
            Array.ForEach(listeners, connection => connection.Dispose());
        }

        void Listen(RpcConnection connection)
        {
            int open = ListenersEach;
            connection.OnEnd = _ => open--;
            connection.OnMessage = (stream, message) =>
            {
                stream.Note = (int)Sequences.Next(message, stream.Note);
                run.Add(1);
                if (stream.Note == speaking.Last)
                {
                    connection.End(stream);
                }
            };
            while (open > 0)
            {
                connection.Read();
                heard.Set();
            }
        }
    }

    private static RpcConnection Join(LoadTarget target, string room)
    {
        var connection = new RpcConnection(target.Address, LoadTarget.Path("ChatUsers"));
        int joined = 0;
        connection.OnHeaders = _ => joined++;
        for (int i = 0; i < ListenersEach; i++)
        {
            connection.Open(new ChatMessage { UserId = target.UserIds[0], Room = room }, last: false);
        }

        while (joined < ListenersEach)
        {
            connection.Read();
        }

        return connection;
    }
}
