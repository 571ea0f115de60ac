namespace Users.Data.Tests;

/// <summary>A writer that waits inside its transaction until a test lets go.</summary>
public sealed class HeldWriter : IDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();

    public Task Begun => _begun.Task;

    /// <summary>The write by which it is held, which changes nothing.</summary>
    public Task Done { get; set; } = Task.CompletedTask;

    public void Wait()
    {
        _begun.TrySetResult();
        _released.Wait();
    }

    public void Release() => _released.Set();

    public Task ReleaseAsync()
    {
        Release();
        return Done;
    }

    // The event itself holds nothing that must be freed, and the writer may still be about to look at it.
    public void Dispose() => Release();
}
