using Microsoft.EntityFrameworkCore;

namespace Users.Data.PostgreSql;

/// <summary>
/// Finds users for many callers in one query, as the writer commits for many. Two callers have a query of their own; what others ask for
/// meanwhile shares the next one. So no caller joins a query that began before its call did.
/// </summary>
internal sealed class SharedFinds(DbContextOptions<PostgreSqlUsersContext> options, StoreStart start)
{
    /// <summary>How many queries are under way at once.</summary>
    internal const int MaxQueries = 2;

    /// <summary>How many users a query looks for.</summary>
    internal const int MaxIds = 200;

    private readonly Lock _lock = new();
    private readonly Queue<Find> _waiting = new();
    private int _queries;

    /// <summary>The user with this id, or null. A caller that gives up leaves a shared query to the others.</summary>
    /// <exception cref="StoreBusyException">Its turn did not come within <see cref="UserStoreOptions.BusyTimeout"/>.</exception>
    /// <param name="id">Of the user.</param>
    /// <param name="findAsync">The caller's own query, which runs where few others do.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask<User?> FindAsync(
        string id, Func<string, CancellationToken, ValueTask<User?>> findAsync, CancellationToken cancellationToken)
    {
        if (Share(id) is { } shared)
        {
            return await WaitAsync(shared, cancellationToken);
        }

        try
        {
            return await findAsync(id, cancellationToken);
        }
        finally
        {
            GoOn();
        }
    }

    private Find? Share(string id)
    {
        lock (_lock)
        {
            if (_queries < MaxQueries)
            {
                _queries++;
                return null;
            }

            var find = new Find(id);
            _waiting.Enqueue(find);
            return find;
        }
    }

    private async Task<User?> WaitAsync(Find find, CancellationToken cancellationToken)
    {
        try
        {
            return await find.Task.WaitAsync(start.Options.BusyTimeout, start.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            find.TrySetCanceled(CancellationToken.None);
            throw;
        }
        catch (TimeoutException error)
        {
            find.TrySetCanceled(CancellationToken.None);
            throw new StoreBusyException("The database does not answer.", error);
        }
    }

    private void GoOn()
    {
        if (Take() is { Count: > 0 } finds)
        {
            // It goes on for others than this caller, whose trace it must not carry.
            using AsyncFlowControl _ = ExecutionContext.SuppressFlow();
            Task.Run(() => FindAsync(finds));
        }
    }

    private async Task FindAsync(List<Find> finds)
    {
        await using var db = new PostgreSqlUsersContext(options);
        for (; finds.Count > 0; finds = Take())
        {
            try
            {
                string[] ids = [.. finds.Select(find => find.Id)];
                Dictionary<string, User> users = await db.Users.Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id);
                finds.ForEach(find => find.TrySetResult(users.GetValueOrDefault(find.Id)));
            }
            catch (Exception error)
            {
                finds.ForEach(find => find.TrySetException(error));
            }
        }
    }

    // Where nobody waits, the query that has ended is the last of its place.
    private List<Find> Take()
    {
        List<Find> finds = [];
        lock (_lock)
        {
            while (finds.Count < MaxIds && _waiting.TryDequeue(out Find? find))
            {
                // One that is completed has no caller any more.
                if (!find.Task.IsCompleted)
                {
                    finds.Add(find);
                }
            }

            if (finds.Count == 0)
            {
                _queries--;
            }
        }

        return finds;
    }

    // Its caller goes on elsewhere, so that the next query begins at once.
    private sealed class Find(string id) : TaskCompletionSource<User?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Id => id;
    }
}
