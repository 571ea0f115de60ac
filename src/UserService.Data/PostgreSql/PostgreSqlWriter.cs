using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Users.Data.PostgreSql;

/// <summary>
/// Commits for one of many processes that write. Looking before writing is not safe here, so each statement says itself what to do with what
/// another replica has done; and all of them take their locks in one order: creates by email, then changes by id, then rooms by name.
/// </summary>
internal sealed class PostgreSqlWriter(StoreStart start, Connections connections, RoomNotifier rooms, NewRows rows) : IWriteEngine
{
    private const int TriesAlone = 3;

    private Session? _session;

    public async ValueTask<Exception?> CommitAsync(IEnumerable<WriteItem> items)
    {
        WriteItem[]? group = null;
        bool isKept = _session is not null;
        try
        {
            return await CommitAsync(Taken);
        }
        catch (Exception error) when (isKept && PostgreSqlErrors.IsLost(error))
        {
            // Such as after the database's restart: a connection that earlier commits left. This one's COMMIT was not sent.
            return await CommitAsync(Taken);
        }

        WriteItem[] Taken() => group ??= [.. items];
    }

    public void Dispose() => Close();

    private async ValueTask<Exception?> CommitAsync(Func<WriteItem[]> items)
    {
        try
        {
            Session session = _session ??= await ConnectAsync();
            for (int tries = 1; ; tries++)
            {
                await using IDbContextTransaction transaction = await session.BeginAsync();
                // Once the database is there: where there is none, that is the answer to all that wait.
                WriteItem[] group = items();
                if (await FailureAsync(session, group) is not { } failure)
                {
                    await EndAsync(transaction);
                    Array.ForEach([.. group.OfType<PostMessages>()], post => rooms.Raised(post.Outcome));
                    return null;
                }

                await transaction.RollbackAsync();
                // An item that runs alone waits its turn among those of other replicas.
                if (group.Length > 1 || tries == TriesAlone || !PostgreSqlErrors.IsOfLocks(failure))
                {
                    return failure;
                }
            }
        }
        catch (Exception)
        {
            // The next commit gets another connection.
            Close();
            throw;
        }
    }

    private static async Task<Exception?> FailureAsync(Session session, WriteItem[] group)
    {
        try
        {
            await session.RunAsync(group);
            return null;
        }
        catch (Exception error) when (PostgreSqlErrors.IsOfAnItem(error))
        {
            return error;
        }
    }

    private static async Task EndAsync(IDbContextTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync();
        }
        catch (Exception error) when (PostgreSqlErrors.IsOfTheConnection(error))
        {
            throw new StoreBusyException("The database did not answer a commit.", error) { MayBeWritten = true };
        }
    }

    private async Task<Session> ConnectAsync() =>
        new(new PostgreSqlUsersContext(PostgreSqlUsersContext.Options(await connections.OpenWriterAsync(), start.Logging, start.Interceptors)), rows);

    private void Close()
    {
        _session?.Dispose();
        _session = null;
    }

    /// <summary>The writer's work on one connection.</summary>
    private sealed class Session(PostgreSqlUsersContext db, NewRows rows) : IDisposable
    {
        private readonly UserCreates _creates = new(db, rows);
        private readonly UserChanges _changes = new(db, rows);
        private readonly RoomPosts _posts = new(db, rows);

        public Task<IDbContextTransaction> BeginAsync() => db.Database.BeginTransactionAsync();

        public async Task RunAsync(WriteItem[] group)
        {
            if (Array.Find(group, item => item is not (CreateUser or CreateUsers or SeedUsers or UpdateUser or DeleteUser or PostMessages)) is { } unknown)
            {
                throw new UnreachableException($"No case for {unknown.GetType().Name}.");
            }

            await _creates.RunAsync(group);
            await _changes.RunAsync(group);
            await _posts.RunAsync(group);
        }

        public void Dispose()
        {
            // The context leaves a connection that was given to it.
            db.Database.GetDbConnection().Dispose();
            db.Dispose();
        }
    }
}
