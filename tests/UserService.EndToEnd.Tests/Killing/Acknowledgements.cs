namespace Users.EndToEnd.Tests.Killing;

/// <summary>Counts what the server answered, and says when it is enough for the kill.</summary>
internal sealed class Acknowledgements(int enough)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Task Reached => _reached.Task;

    public void Add()
    {
        if (Interlocked.Increment(ref _count) == enough)
        {
            _reached.SetResult();
        }
    }
}
