using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Users.Cli.Chat;

/// <summary>A line to say.</summary>
/// <param name="Text">The text.</param>
/// <param name="RequestId">Under which the server says it once, however often it is sent.</param>
internal readonly record struct OwnLine(string Text, string RequestId);

/// <summary>
/// The lines taken from the input and not heard back yet, in order: each call begins with them, so none is lost with a call.
/// Empty lines say nothing. One task says, another hears.
/// </summary>
internal sealed class OwnLines(ChannelReader<string> input) : IDisposable
{
    /// <summary>How many lines are taken from the input before the first of them is heard back.</summary>
    public const int MaxUnheard = 100;

    private readonly Lock _turn = new();
    private readonly List<OwnLine> _unheard = [];
    private readonly SemaphoreSlim _room = new(MaxUnheard);
    private int _said;

    /// <summary>How many lines are not known to be stored.</summary>
    public int Unheard
    {
        get
        {
            lock (_turn)
            {
                return _unheard.Count;
            }
        }
    }

    /// <summary>All that a new call has to say, to the end of the input; first the lines that earlier calls sent in vain.</summary>
    public async IAsyncEnumerable<OwnLine> SayAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        lock (_turn)
        {
            _said = 0;
        }

        do
        {
            while (Next() is OwnLine line)
            {
                yield return line;
            }
        }
        while (await TakeAsync(cancellationToken));
    }

    /// <summary>Takes lines while none can be said, and completes at the end of the input.</summary>
    public async Task TakeAllAsync(CancellationToken cancellationToken)
    {
        while (await TakeAsync(cancellationToken))
        {
        }
    }

    /// <summary>A message came: if it has the request id of a line, that one is stored. It is then not said again.</summary>
    public void Hear(string requestId)
    {
        lock (_turn)
        {
            // A receipt may come after the echo of a later line. A line of an earlier call may come before this one says it again.
            int line = _unheard.FindIndex(line => line.RequestId == requestId);
            if (line >= 0)
            {
                _unheard.RemoveAt(line);
                _said -= line < _said ? 1 : 0;
                _room.Release();
            }
        }
    }

    public void Dispose() => _room.Dispose();

    private OwnLine? Next()
    {
        lock (_turn)
        {
            return _said < _unheard.Count ? _unheard[_said++] : null;
        }
    }

    /// <returns>False at the end of the input.</returns>
    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            while (await input.WaitToReadAsync(cancellationToken))
            {
                // Nothing is awaited between taking and keeping it: a call that ends here loses no line.
                if (input.TryRead(out string? line) && !string.IsNullOrWhiteSpace(line))
                {
                    Keep(line);
                    return true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            _room.Release();
            throw;
        }

        _room.Release();
        return false;
    }

    private void Keep(string line)
    {
        lock (_turn)
        {
            // UUIDv7s of one client follow one another in the index of the server.
            _unheard.Add(new OwnLine(line, Guid.CreateVersion7().ToString()));
        }
    }
}
