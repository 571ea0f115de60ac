using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Users.Cli.Chat;

/// <summary>
/// The lines taken from the input and not heard back yet, in order: each call begins with them, so none is lost with a call.
/// Empty lines say nothing. One task says, another hears.
/// </summary>
internal sealed class OwnLines(ChannelReader<string> input) : IDisposable
{
    /// <summary>How many lines are taken from the input before the first of them is heard back.</summary>
    public const int MaxUnheard = 100;

    private readonly Lock _turn = new();
    private readonly List<string> _unheard = [];
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

    /// <summary>Whether lines were sent that have not come back: they may or may not be stored.</summary>
    public bool IsInDoubt
    {
        get
        {
            lock (_turn)
            {
                return _said > 0;
            }
        }
    }

    /// <summary>All that a new call has to say, to the end of the input; first the lines that earlier calls sent in vain.</summary>
    public async IAsyncEnumerable<string> SayAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        lock (_turn)
        {
            _said = 0;
        }

        do
        {
            while (Next() is { } line)
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

    /// <summary>A message of the own user came: if it is the next one that was said, it is stored. Another is from elsewhere.</summary>
    public void Hear(string text)
    {
        lock (_turn)
        {
            // In this order: the server stores what a call says in its order, and a call follows only on what the last one stored.
            if (_said > 0 && _unheard[0] == text)
            {
                _unheard.RemoveAt(0);
                _said--;
                _room.Release();
            }
        }
    }

    public void Dispose() => _room.Dispose();

    private string? Next()
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
            _unheard.Add(line);
        }
    }
}
