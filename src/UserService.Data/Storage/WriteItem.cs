namespace Users.Data;

/// <summary>One caller's work in the writer's queue.</summary>
internal abstract class WriteItem
{
    /// <summary>Claims the item for the writer; false if it was cancelled while it waited.</summary>
    public abstract bool TryStart();

    public abstract void Execute(UsersContext context);

    /// <summary>Runs what follows the commit, before any caller in it is told.</summary>
    public abstract void Publish();

    public abstract void Complete();

    public abstract void Fail(Exception error);
}

/// <inheritdoc />
internal sealed class WriteItem<T> : WriteItem
{
    // The writer's thread must not run its callers' code.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<UsersContext, T> _work;
    private readonly Action<T>? _committed;
    private readonly CancellationTokenRegistration _cancellation;
    private int _claimed;
    private T _result = default!;

    public WriteItem(Func<UsersContext, T> work, Action<T>? committed, CancellationToken cancellationToken)
    {
        _work = work;
        _committed = committed;
        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var item = (WriteItem<T>)state!;
                if (item.TryClaim())
                {
                    item._completion.SetCanceled(token);
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

    public override void Execute(UsersContext context) => _result = _work(context);

    public override void Publish() => _committed?.Invoke(_result);

    public override void Complete() => _completion.SetResult(_result);

    public override void Fail(Exception error) => _completion.SetException(error);

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}
