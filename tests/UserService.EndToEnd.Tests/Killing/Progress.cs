namespace Users.EndToEnd.Tests.Killing;

/// <summary>Counts the answers of several clients, and says when there are so many more.</summary>
internal sealed class Progress
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new();
    private int _count;
    private int _goal = int.MaxValue;

    /// <summary>Completes after so many answers more.</summary>
    public Task MakeAsync(int answers)
    {
        lock (_lock)
        {
            _goal = _count + answers;
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
