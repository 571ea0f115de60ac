using Microsoft.Extensions.Time.Testing;

namespace Users.Data.Tests;

public sealed class WriteQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WriteQueue _queue;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public WriteQueueTests() => _queue = new WriteQueue(new UserStoreOptions { MaxCommit = 3 }, _time);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void A_commit_takes_what_waits_up_to_its_limit() => Assert.Equal([3, 3, 1], Groups(7, TimeSpan.Zero));

    [Fact]
    public void What_comes_while_a_commit_runs_joins_it()
    {
        Add(Cancellation);
        QueuedWrite first = _queue.Firsts().First();

        int taken = 0;
        foreach (QueuedWrite _ in _queue.Group(first))
        {
            if (++taken == 1)
            {
                Add(Cancellation);
            }
        }

        Assert.Equal(2, taken);
    }

    [Fact]
    public void A_commit_stops_gathering_when_its_time_is_up()
    {
        Assert.Equal([2, 1], Groups(3, TimeSpan.FromMilliseconds(10)));
        Assert.Equal([1, 1, 1], Groups(3, TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task What_was_cancelled_while_it_waited_is_left_out()
    {
        using var caller = new CancellationTokenSource();
        Add(caller.Token);
        Add(Cancellation);
        await caller.CancelAsync();

        Assert.Single(_queue.Group(_queue.Firsts().First()));
    }

    [Fact]
    public void Single_writes_go_before_the_batches_that_wait()
    {
        AddBatch();
        AddBatch();
        Add(Cancellation);

        Assert.Equal([false, true, true], NextGroup());
    }

    [Fact]
    public void A_batch_waits_for_one_commit_of_single_writes_and_no_longer()
    {
        AddBatch();
        AddBatch();
        for (int i = 0; i < 7; i++)
        {
            Add(Cancellation);
        }

        Assert.Equal([false, false, false], NextGroup());
        Assert.Equal([true, false, false], NextGroup());
        Assert.Equal([false, false, true], NextGroup());
    }

    [Fact]
    public void Batches_count_among_those_that_wait()
    {
        using var queue = new WriteQueue(new UserStoreOptions { WriteQueueLength = 2 }, _time);
        Assert.Null(queue.Add(Batch()));
        Assert.Null(queue.Add(Single(Cancellation)));

        Assert.IsType<StoreBusyException>(queue.Add(Single(Cancellation)));
        Assert.IsType<StoreBusyException>(queue.Add(Batch()));
    }

    /// <summary>Which items of the next commit are batches.</summary>
    private List<bool> NextGroup() => [.. _queue.Group(_queue.Firsts().First()).Select(write => write.Item.GivesWay)];

    /// <summary>How many items each commit takes, where one item lasts so long.</summary>
    private List<int> Groups(int items, TimeSpan each)
    {
        for (int i = 0; i < items; i++)
        {
            Add(Cancellation);
        }

        List<int> groups = [];
        while (groups.Sum() < items)
        {
            groups.Add(0);
            foreach (QueuedWrite _ in _queue.Group(_queue.Firsts().First()))
            {
                groups[^1]++;
                _time.Advance(each);
            }
        }

        return groups;
    }

    private void Add(CancellationToken cancellationToken) => Assert.Null(_queue.Add(Single(cancellationToken)));

    private void AddBatch() => Assert.Null(_queue.Add(Batch()));

    private static QueuedWrite<UserWriteStatus> Single(CancellationToken cancellationToken) =>
        new(new DeleteUser("nobody", null), committed: null, cancellationToken);

    private static QueuedWrite<IReadOnlyList<UserWrite>> Batch() => new(new CreateUsers([]), committed: null, Cancellation);
}
