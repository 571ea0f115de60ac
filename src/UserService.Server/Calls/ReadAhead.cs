using Grpc.Core;

namespace Users.Server.Calls;

/// <summary>
/// A client's stream, read one message ahead of the work on it. The call waits for the last read before it ends: Kestrel gives the
/// pipe below to a later call of the connection, which must not share it with a read that is still on its way out.
/// </summary>
/// <param name="stream">Whose messages.</param>
/// <param name="ended">Ends a read that waits.</param>
internal sealed class ReadAhead<T>(IAsyncStreamReader<T> stream, CancellationToken ended)
{
    /// <summary>The read that is under way: whether there is another message.</summary>
    public Task<bool> Next { get; private set; } = stream.MoveNext(ended);

    public T Current => stream.Current;

    public void Advance() => Next = stream.MoveNext(ended);

    /// <summary>Waits until no read is under way, however the last one ends.</summary>
    public async Task EndAsync() => await ((Task)Next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
