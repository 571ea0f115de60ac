using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>
/// What the writer does for <see cref="UserRepository"/>. Looking before writing is safe here: inside the writer's
/// transaction nobody else changes anything.
/// </summary>
internal sealed class UserWork(UserIds ids, RandomBytes random, TimeProvider time)
{
    public UserWrite Create(UsersContext db, NewUser user)
    {
        User row = NewRow(user, UnixMicrosecondsConverter.Now(time));
        return UserInsert.Run(db, row) ? new UserWrite(UserWriteStatus.Done, row) : Refusal(db, row);
    }

    public UserWrite[] CreateMany(UsersContext db, IReadOnlyList<NewUser> users)
    {
        DateTimeOffset now = UnixMicrosecondsConverter.Now(time);
        var rows = new User[users.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = NewRow(users[i], now);
        }

        bool[] inserted = UserInsert.RunMany(db, rows);
        var writes = new UserWrite[rows.Length];
        for (int i = 0; i < writes.Length; i++)
        {
            writes[i] = inserted[i] ? new UserWrite(UserWriteStatus.Done, rows[i]) : Refusal(db, rows[i]);
        }

        return writes;
    }

    public UserWrite Update(UsersContext db, UserChange change)
    {
        DateTimeOffset now = UnixMicrosecondsConverter.Now(time);
        int changed = db.Users
            .Where(u => u.Id == change.Id && (change.Etag == null || u.Etag == change.Etag))
            .Where(u => change.Email == null || !db.Users.Any(other => other.Email == change.Email && other.Id != change.Id))
            .ExecuteUpdate(set =>
            {
                set.SetProperty(u => u.Etag, NewEtag());
                // The clock may have gone back since.
                set.SetProperty(u => u.UpdateTime, u => u.UpdateTime > now ? u.UpdateTime : now);
                if (change.Name is not null)
                {
                    set.SetProperty(u => u.Name, change.Name);
                }

                if (change.Email is not null)
                {
                    set.SetProperty(u => u.Email, change.Email);
                }
            });

        User? user = UserRead.Find(db, change.Id);
        return changed > 0 ? new UserWrite(UserWriteStatus.Done, user)
            : user is null ? new UserWrite(UserWriteStatus.NotFound)
            : change.Etag is not null && change.Etag != user.Etag ? new UserWrite(UserWriteStatus.EtagMismatch)
            : new UserWrite(UserWriteStatus.EmailTaken);
    }

    public static UserWriteStatus Delete(UsersContext db, string id, string? etag) =>
        db.Users.Where(u => u.Id == id && (etag == null || u.Etag == etag)).ExecuteDelete() > 0 ? UserWriteStatus.Done
        : UserRead.Find(db, id) is null ? UserWriteStatus.NotFound
        : UserWriteStatus.EtagMismatch;

    public int Seed(UsersContext db, IReadOnlyList<User> users)
    {
        DateTimeOffset now = UnixMicrosecondsConverter.Now(time);
        FirstUsers.SetDue(db, false);
        foreach (User user in users)
        {
            ids.StartAfter(user.Id);
        }

        return users.Count(user => UserInsert.Run(db, new User
        {
            Id = user.Id,
            Name = user.Name,
            Email = user.Email,
            CreateTime = now,
            UpdateTime = now,
            Etag = NewEtag(),
        }));
    }

    // A larger id is that of a later user of the same batch: when this one's turn was, its email was taken.
    private static UserWrite Refusal(UsersContext db, User row) =>
        row.RequestId is null || UserRead.FindByRequestId(db, row.RequestId) is not { } found || string.CompareOrdinal(found.User.Id, row.Id) > 0
            ? new UserWrite(UserWriteStatus.EmailTaken)
            : found.Hash == row.RequestHash ? new UserWrite(UserWriteStatus.Existing, found.User)
            : new UserWrite(UserWriteStatus.RequestIdReused);

    private User NewRow(NewUser user, DateTimeOffset now) => new()
    {
        Id = ids.Next(),
        Name = user.Name,
        Email = user.Email,
        CreateTime = now,
        UpdateTime = now,
        Etag = NewEtag(),
        RequestId = user.RequestId?.ToString(),
        RequestHash = user.RequestId is null ? null : RequestHash.Of(user),
    };

    // Random, not a counter: after a restored backup an old etag must not fit new content.
    private string NewEtag() => Convert.ToHexStringLower(random.Take(8));
}
