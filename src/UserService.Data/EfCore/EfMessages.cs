using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>Appends messages with EF Core, inside the transaction of <see cref="EfWriter"/>.</summary>
internal sealed class EfMessages(UsersContext db, IStoreReader reader, NewRows rows)
{
    /// <summary>
    /// The messages as they are stored, or null if the speaker must be a user and there is none. The sequence comes from the table itself, so a commit that fails
    /// leaves nothing to take back.
    /// </summary>
    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public async Task<ChatEntry[]?> PostAsync(PostMessages post)
    {
        if (post.IsUser && !await db.Users.AnyAsync(user => user.Id == post.UserId))
        {
            return null;
        }

        ChatEntry[] entries = rows.Messages(post, await reader.LastSequenceAsync(post.Room, CancellationToken.None));
        db.Messages.AddRange(entries);
        await db.SaveChangesAsync();
        return entries;
    }
}
