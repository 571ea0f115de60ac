using Users.Benchmarks.Load.Wire;
using Users.V1;

namespace Users.Benchmarks.Load;

/// <summary>One that speaks in a room and receives what it said, with a limited number of messages on their way.</summary>
internal sealed class Speaker(LoadTarget target, string room, string text, int window) : IDisposable
{
    private readonly RpcConnection _connection = new(target.Address, LoadTarget.Path("ChatUsers"));
    private readonly ChatMessage _message = new() { Message = text };
    private long _last = long.MaxValue;

    /// <summary>How many messages were spoken.</summary>
    public long Sent { get; private set; }

    /// <summary>How many of them came back.</summary>
    public long Echoed { get; private set; }

    /// <summary>The sequence of the message after which the room is silent, known before it is spoken.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Whether each message has a request id of its own.</summary>
    public bool SaysOnce { get; init; }

    /// <summary>Whether it may go on, apart from its own window.</summary>
    public Func<bool> MayGoOn { get; init; } = () => true;

    /// <summary>Waits for a moment in which <see cref="MayGoOn"/> may have changed.</summary>
    public Action Wait { get; init; } = () => { };

    /// <summary>Speaks until the load ends, and then until everything has come back.</summary>
    public void Run(LoadRun run, Action<int> echoed)
    {
        bool ended = false;
        _connection.OnEnd = _ => ended = true;
        _connection.OnMessage = (_, message) =>
        {
            Echoed = Sequences.Next(message, Echoed);
            echoed(1);
        };
        Draw();
        RpcStream stream = _connection.Open(new ChatMessage { UserId = target.UserIds[0], Room = room }, last: false);
        while (!run.IsEnded)
        {
            while (Sent - Echoed < window && MayGoOn() && _connection.TrySend(stream, _message))
            {
                Sent++;
                Draw();
            }

            _connection.Flush();
            if (Sent > Echoed)
            {
                _connection.Read();
            }
            else
            {
                Wait();
            }
        }

        Volatile.Write(ref _last, Sent + 1);
        while (!_connection.TrySend(stream, _message, last: true))
        {
            _connection.Read();
        }

        while (!ended)
        {
            _connection.Read();
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Draw()
    {
        if (SaysOnce)
        {
            _message.RequestId = $"{Guid.CreateVersion7()}";
        }
    }
}
