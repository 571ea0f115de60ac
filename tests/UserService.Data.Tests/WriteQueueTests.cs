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

    private void Add(CancellationToken cancellationToken) =>
        Assert.Null(_queue.Add(new QueuedWrite<UserWriteStatus>(new DeleteUser("nobody", null), committed: null, cancellationToken)));
}
