using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>
/// What the writer does for <see cref="UserRepository"/>. Looking before writing is safe here: inside the writer's
/// transaction nobody else changes anything.
/// </summary>
internal sealed class UserWork(UserIds ids, TimeProvider time)
{
    public UserWrite Create(UsersContext db, NewUser user)
    {
        User row = NewRow(user, UnixMicrosecondsConverter.Now(time));
        if (row.RequestId is not null && UserQueries.FindByRequestId(db, row.RequestId) is { } earlier)
        {
            return Repeat(earlier, row);
        }

        if (UserQueries.HasEmail(db, row.Email))
        {
            return new UserWrite(UserWriteStatus.EmailTaken);
        }

        db.Users.Add(row);
        db.SaveChanges();
        return new UserWrite(UserWriteStatus.Done, row);
    }

    public UserWrite[] CreateMany(UsersContext db, IReadOnlyList<NewUser> users)
    {
        DateTimeOffset now = UnixMicrosecondsConverter.Now(time);
        User[] rows = [.. users.Select(user => NewRow(user, now))];
        HashSet<string> created = UserBatchInsert.Run(db, rows, now);
        string[] repeats = [.. rows.Where(row => row.RequestId is not null && !created.Contains(row.Id)).Select(row => row.RequestId!)];
        Dictionary<string, User> known = repeats.Length == 0 ? [] : db.Users
            .Where(u => repeats.Contains(u.RequestId))
            .ToDictionary(u => u.RequestId!);

        // A row that a later item of this batch created (its id is greater) was not there when this item was judged.
        return Array.ConvertAll(rows, row =>
            created.Contains(row.Id) ? new UserWrite(UserWriteStatus.Done, row)
            : row.RequestId is not null
                && known.TryGetValue(row.RequestId, out User? earlier)
                && string.CompareOrdinal(earlier.Id, row.Id) < 0 ? Repeat(earlier, row)
            : new UserWrite(UserWriteStatus.EmailTaken));
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

        User? user = UserQueries.Find(db, change.Id);
        return changed > 0 ? new UserWrite(UserWriteStatus.Done, user)
            : user is null ? new UserWrite(UserWriteStatus.NotFound)
            : change.Etag is not null && change.Etag != user.Etag ? new UserWrite(UserWriteStatus.EtagMismatch)
            : new UserWrite(UserWriteStatus.EmailTaken);
    }

    public static UserWriteStatus Delete(UsersContext db, string id, string? etag) =>
        db.Users.Where(u => u.Id == id && (etag == null || u.Etag == etag)).ExecuteDelete() > 0 ? UserWriteStatus.Done
        : UserQueries.Find(db, id) is null ? UserWriteStatus.NotFound
        : UserWriteStatus.EtagMismatch;

    public int Seed(UsersContext db, IReadOnlyList<User> users)
    {
        DateTimeOffset now = UnixMicrosecondsConverter.Now(time);
        User[] rows = [.. users.Select(user => new User
        {
            Id = user.Id,
            Name = user.Name,
            Email = user.Email,
            Etag = NewEtag(),
        })];
        foreach (User row in rows)
        {
            ids.StartAfter(row.Id);
        }

        FirstUsers.SetDue(db, false);
        return UserBatchInsert.Run(db, rows, now).Count;
    }

    private static UserWrite Repeat(User earlier, User row) => earlier.RequestHash == row.RequestHash
        ? new UserWrite(UserWriteStatus.Existing, earlier)
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
    private static string NewEtag() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
