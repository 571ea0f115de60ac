namespace Grpc.Core;

/// <summary>What all four call objects share: the engine's callbacks and the state that it wants handed back.</summary>
internal sealed class AsyncCallState(
    Func<object, Task<Metadata>> responseHeaders,
    Func<object, Status> getStatus,
    Func<object, Metadata> getTrailers,
    Action<object> dispose,
    object state)
{
    internal static AsyncCallState Create(
        Task<Metadata> responseHeaders,
        Func<Status> getStatus,
        Func<Metadata> getTrailers,
        Action dispose) =>
        new(_ => responseHeaders, _ => getStatus(), _ => getTrailers(), _ => dispose(), dispose);

    internal Task<Metadata> ResponseHeadersAsync => responseHeaders(state);

    internal Status GetStatus() => getStatus(state);

    internal Metadata GetTrailers() => getTrailers(state);

    internal void Dispose() => dispose(state);
}
