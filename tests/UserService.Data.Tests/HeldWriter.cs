namespace Users.Data.Tests;

/// <summary>An item that keeps the writer busy, inside its transaction, until a test lets go.</summary>
internal sealed class HeldWriter : IDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();

    /// <param name="writer">The writer to hold.</param>
    /// <param name="wait">Whether to return only once it is held.</param>
    public HeldWriter(StoreWriter writer, bool wait = true)
    {
        Done = writer.RunAsync(
            _ =>
            {
                _begun.TrySetResult();
                _released.Wait();
                return true;
            },
            committed: null,
            CancellationToken.None);
        if (wait)
        {
            Begun.Wait();
        }
    }

    public Task Begun => _begun.Task;

    public Task Done { get; }

    public void Release() => _released.Set();

    public Task ReleaseAsync()
    {
        Release();
        return Done;
    }

    // The event itself holds nothing that must be freed, and the writer may still be about to look at it.
    public void Dispose() => Release();
}
