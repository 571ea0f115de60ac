using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Users.Data;

/// <summary>
/// Commits with EF Core, one step after another. It looks before it writes, which is safe where one connection does all the writing:
/// inside its transaction no other writer changes anything.
/// </summary>
internal class EfWriter : IWriteEngine
{
    private readonly UsersContext _db;
    private readonly IStoreReader _reader;
    private readonly EfUsers _users;
    private readonly EfMessages _messages;

    /// <param name="db">Its own; the connection is open.</param>
    /// <param name="reader">Reads on the same connection, and so within the transaction. It disposes the context.</param>
    /// <param name="rows">What new rows hold.</param>
    public EfWriter(UsersContext db, IStoreReader reader, NewRows rows)
    {
        _db = db;
        // An item that fails is undone with its commit, so SaveChanges needs no savepoint.
        _db.Database.AutoSavepointsEnabled = false;
        _reader = reader;
        _users = new EfUsers(db, reader, rows);
        _messages = new EfMessages(db, rows);
    }

    public virtual async ValueTask<Exception?> CommitAsync(IEnumerable<WriteItem> items)
    {
        await using IDbContextTransaction transaction = await _db.Database.BeginTransactionAsync();
        foreach (WriteItem item in Steps(items))
        {
            try
            {
                await RunAsync(item);
            }
            catch (Exception failure)
            {
                return failure;
            }
            finally
            {
                _db.ChangeTracker.Clear();
            }
        }

        await transaction.CommitAsync();
        return null;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>What runs one after another: creates that stand side by side are one step, as a query and a SaveChanges cost more than a row.</summary>
    protected virtual IEnumerable<WriteItem> Steps(IEnumerable<WriteItem> items) => SharedCreates.Join(items);

    protected virtual async ValueTask RunAsync(WriteItem item)
    {
        switch (item)
        {
            case SharedCreates shared:
                shared.Answer(await _users.CreateAsync(shared.Users));
                break;
            case CreateUsers create:
                create.Outcome = await _users.CreateAsync(create.Users);
                break;
            case UpdateUser update:
                update.Outcome = await _users.UpdateAsync(update.Change);
                break;
            case DeleteUser delete:
                delete.Outcome = await _users.DeleteAsync(delete.Id, delete.Etag);
                break;
            case PostMessages post:
                post.Outcome = await _messages.PostAsync(post);
                break;
            case SeedUsers seed:
                seed.Outcome = await _users.SeedAsync(seed.Users);
                break;
            default:
                throw new UnreachableException($"No case for {item.GetType().Name}.");
        }
    }
}
