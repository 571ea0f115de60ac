namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>Counts the calls of all clients.</summary>
internal sealed class Progress
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new();
    private int _count;
    private int _goal = int.MaxValue;

    /// <summary>Completes after so many calls more.</summary>
    public Task MakeAsync(int calls)
    {
        lock (_lock)
        {
            _goal = _count + calls;
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }
    }

    public void Add()
    {
        lock (_lock)
        {
            if (++_count == _goal)
            {
                _reached.SetResult();
            }
        }
    }
}
