using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>Writes users with EF Core, inside the transaction of <see cref="EfWriter"/>.</summary>
internal sealed class EfUsers(UsersContext db, IStoreReader reader, NewRows rows)
{
    /// <summary>Creates users, each with the outcome that it would have had by itself.</summary>
    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public async Task<IReadOnlyList<UserWrite>> CreateAsync(IReadOnlyList<NewUser> users)
    {
        User[] created = rows.Users(users);
        string[] emails = [.. created.Select(user => user.Email)];
        string?[] requestIds = [.. created.Select(user => user.RequestId).Where(id => id is not null)];
        List<User> existing = await db.Users
            .Where(user => EF.Parameter(emails).Contains(user.Email) || EF.Parameter(requestIds).Contains(user.RequestId))
            .ToListAsync();

        // Judged before they are added: a unique index that refuses one would roll back all items of this commit.
        var judge = new CreateJudge(existing);
        UserWrite[] writes = [.. created.Select(judge.Judge)];
        db.Users.AddRange(writes.Where(write => write.Status == UserWriteStatus.Done).Select(write => write.User!));
        await db.SaveChangesAsync();
        return writes;
    }

    /// <summary>Changes a user: one query for all that the outcome depends on, then one statement.</summary>
    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public async Task<UserWrite> UpdateAsync(UserChange change)
    {
        List<User> found = await db.Users.Where(user => user.Id == change.Id || user.Email == change.Email).ToListAsync();
        if (ChangeJudge.Refusal(change, found) is { } refusal)
        {
            return new UserWrite(refusal);
        }

        User user = found[0];
        User changed = change.Apply(user, rows.Now(), rows.Etag());
        // So the statement sets what differs, and no more.
        db.Attach(user).CurrentValues.SetValues(changed);
        await db.SaveChangesAsync();
        return new UserWrite(UserWriteStatus.Done, changed);
    }

    /// <summary>Deletes a user in one statement, which compares the etag itself.</summary>
    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public async Task<UserWriteStatus> DeleteAsync(string id, string? etag)
    {
        if (await db.Users.Where(user => user.Id == id && (etag == null || user.Etag == etag)).ExecuteDeleteAsync() > 0)
        {
            // Where it was the last one, nothing else keeps a later start from drawing its id, or a smaller one, again.
            await db.HighestIds
                .Where(highest => highest.Kind == HighestId.OfUsers && highest.Id.CompareTo(id) < 0)
                .Where(_ => !db.Users.Any(user => user.Id.CompareTo(id) > 0))
                .ExecuteUpdateAsync(set => set.SetProperty(highest => highest.Id, id));
            return UserWriteStatus.Done;
        }

        return await reader.FindUserAsync(id, CancellationToken.None) is null ? UserWriteStatus.NotFound : UserWriteStatus.EtagMismatch;
    }

    /// <summary>Adds the first users that are missing, and says how many.</summary>
    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public async Task<int> SeedAsync(IReadOnlyList<SeedUser> users)
    {
        db.NoteFirstUsers();
        int added = 0;
        foreach (User seed in rows.Seeds(users))
        {
            if (!await db.Users.AnyAsync(user => user.Id == seed.Id || user.Email == seed.Email))
            {
                db.Users.Add(seed);
                added += await db.SaveChangesAsync();
            }
        }

        return added;
    }
}
