namespace Users.EndToEnd.Tests.Support;

/// <summary>What a process writes to one of its streams, line by line.</summary>
internal sealed class Lines
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    public Lines(StreamReader reader) => Ended = CollectAsync(reader);

    /// <summary>Completes when the process, and each other one that has the stream, closed it.</summary>
    public Task Ended { get; }

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for the first line with this text in it; an exception once there can be none.</summary>
    public async Task<string> FirstAsync(string text)
    {
        for (int seen = 0; ;)
        {
            Task changed;
            lock (_lock)
            {
                for (; seen < _lines.Count; seen++)
                {
                    if (_lines[seen].Contains(text, StringComparison.Ordinal))
                    {
                        return _lines[seen];
                    }
                }

                if (_ended)
                {
                    throw new InvalidOperationException($"The process ended without '{text}'. It wrote:\n{this}");
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);
        }
    }

    public override string ToString() => string.Join('\n', All);

    private async Task CollectAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Change(() => _lines.Add(line));
        }

        Change(() => _ended = true);
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
