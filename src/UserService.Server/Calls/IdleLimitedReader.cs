using Grpc.Core;
using Users.Server.Errors;

namespace Users.Server.Calls;

/// <summary>
/// Reads a client's stream and ends the call with STREAM_IDLE when nothing comes for too long. Kestrel does not: a call with a
/// client stream switches off its minimum data rate and its request timeout.
/// </summary>
internal sealed class IdleLimitedReader<T> : IDisposable
{
    private readonly IAsyncStreamReader<T> _stream;
    private readonly TimeSpan _limit;
    private readonly CancellationToken _call;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenSource _either;

    public IdleLimitedReader(IAsyncStreamReader<T> stream, TimeSpan limit, TimeProvider time, CancellationToken call)
    {
        (_stream, _limit, _call) = (stream, limit, call);
        _idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(call, _idle.Token);
    }

    public T Current => _stream.Current;

    public async ValueTask<bool> MoveNextAsync()
    {
        Task<bool> next = _stream.MoveNext(_either.Token);
        if (next.IsCompletedSuccessfully)
        {
            return next.Result;
        }

        _idle.CancelAfter(_limit);
        try
        {
            return await next;
        }
        catch (Exception) when (_idle.IsCancellationRequested && !_call.IsCancellationRequested)
        {
            throw Failures.StreamIdle(_limit).ToException();
        }
        finally
        {
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _idle.Dispose();
    }
}
