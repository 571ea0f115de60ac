namespace Users.Data;

/// <summary>An item in the writer's queue, and the caller that waits for it.</summary>
internal abstract class QueuedWrite(WriteItem item)
{
    public WriteItem Item => item;

    /// <summary>Claims the item for the writer; false if it was cancelled while it waited.</summary>
    public abstract bool TryStart();

    /// <summary>Runs what follows the commit, before any caller in it gets its answer.</summary>
    public abstract void Publish();

    public abstract void Complete();

    public abstract void Fail(Exception error);
}

/// <inheritdoc />
internal sealed class QueuedWrite<T> : QueuedWrite
{
    // The writer's thread must not run its callers' code.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteItem<T> _item;
    private readonly Action<T>? _committed;
    private readonly CancellationTokenRegistration _cancellation;
    private int _claimed;

    public QueuedWrite(WriteItem<T> item, Action<T>? committed, CancellationToken cancellationToken)
        : base(item)
    {
        _item = item;
        _committed = committed;
        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var write = (QueuedWrite<T>)state!;
                if (write.TryClaim())
                {
                    write._completion.SetCanceled(token);
                }
            },
            this);
    }

    public Task<T> Task => _completion.Task;

    public override bool TryStart()
    {
        _cancellation.Unregister();
        return TryClaim();
    }

    public override void Publish() => _committed?.Invoke(_item.Outcome);

    public override void Complete() => _completion.SetResult(_item.Outcome);

    public override void Fail(Exception error) => _completion.SetException(error);

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}
