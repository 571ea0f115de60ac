using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>The queries of the chat log, compiled once.</summary>
internal static class ChatQueries
{
    public static readonly Func<UsersContext, string, CancellationToken, Task<long?>> LastSequence =
        EF.CompileAsyncQuery((UsersContext db, string room, CancellationToken cancellationToken) =>
            db.Messages.Where(m => m.Room == room).Max(m => (long?)m.Sequence));

    public static readonly Func<UsersContext, string, long, int, IAsyncEnumerable<ChatEntry>> PageAfter =
        EF.CompileAsyncQuery((UsersContext db, string room, long position, int count) =>
            db.Messages.Where(m => m.Room == room && m.Sequence > position).OrderBy(m => m.Sequence).Take(count));
}
