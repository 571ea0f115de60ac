using Microsoft.EntityFrameworkCore;

namespace Users.Data.PostgreSql;

/// <summary>
/// Finds users for many callers in one query, as the writer commits for many. Two callers have a query of their own; what others ask for
/// meanwhile shares the next one. So no caller joins a query that began before its call did.
/// </summary>
internal sealed class SharedFinds(DbContextOptions<PostgreSqlUsersContext> options)
{
    /// <summary>How many queries are under way at once.</summary>
    internal const int MaxQueries = 2;

    /// <summary>How many users a query looks for.</summary>
    internal const int MaxIds = 200;

    private readonly Lock _lock = new();
    private readonly Queue<Find> _waiting = new();
    private int _queries;

    /// <summary>The user with this id, or null. A caller that gives up leaves a shared query to the others.</summary>
    /// <param name="id">Of the user.</param>
    /// <param name="findAsync">The caller's own query, which runs where few others do.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask<User?> FindAsync(
        string id, Func<string, CancellationToken, ValueTask<User?>> findAsync, CancellationToken cancellationToken)
    {
        if (Share(id, cancellationToken) is { } shared)
        {
            return await shared;
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

    private Task<User?>? Share(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_queries < MaxQueries)
            {
                _queries++;
                return null;
            }

            var find = new Find(id, cancellationToken);
            _waiting.Enqueue(find);
            return find.Task.WaitAsync(cancellationToken);
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
                finds.ForEach(find => find.SetResult(users.GetValueOrDefault(find.Id)));
            }
            catch (Exception error)
            {
                finds.ForEach(find => find.SetException(error));
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
                if (!find.Caller.IsCancellationRequested)
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
    private sealed class Find(string id, CancellationToken caller)
        : TaskCompletionSource<User?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Id => id;

        public CancellationToken Caller => caller;
    }
}
