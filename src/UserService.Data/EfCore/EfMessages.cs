using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>Appends messages with EF Core, inside the transaction of <see cref="EfWriter"/>.</summary>
internal sealed class EfMessages(UsersContext db, NewRows rows)
{
    /// <summary>Posts messages. The sequence comes from the database itself, so a commit that fails leaves nothing to take back.</summary>
    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public async Task<Posted> PostAsync(PostMessages post)
    {
        if (post.IsUser && !await db.Users.AnyAsync(user => user.Id == post.UserId))
        {
            return PostJudge.NoSpeaker;
        }

        RoomEnd room = await db.Rooms.AsTracking().SingleOrDefaultAsync(room => room.Name == post.Room)
            ?? db.Rooms.Add(new RoomEnd { Name = post.Room }).Entity;
        string?[] requestIds = post.RequestIds;
        List<ChatEntry> earlier = requestIds.Length == 0 ? [] : await db.Messages
            .Where(message => message.Room == post.Room && message.UserId == post.UserId)
            .Where(message => EF.Parameter(requestIds).Contains(message.RequestId))
            .ToListAsync();

        Posted posted = PostJudge.Judge(post, room.Last, earlier, rows.Now());
        db.Messages.AddRange(posted.Added);
        room.Last += posted.Added.Count;
        await db.SaveChangesAsync();
        return posted;
    }
}
