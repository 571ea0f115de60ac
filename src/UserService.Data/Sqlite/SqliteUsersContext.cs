using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Users.Data.Sqlite;

/// <summary>The model as SQLite has it. Migrations/ builds the same schema step by step; a test holds the two together.</summary>
internal sealed class SqliteUsersContext(DbContextOptions<SqliteUsersContext> options) : UsersContext(options)
{
    public static DbContextOptions<SqliteUsersContext> Options(
        string connectionString, ILoggerFactory logging, IEnumerable<IInterceptor> interceptors) =>
        new DbContextOptionsBuilder<SqliteUsersContext>()
            .UseSqlite(connectionString)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .UseLoggerFactory(logging)
            .AddInterceptors(interceptors)
            // One statement per call is what EF would report at Information, and at Error, with the exception, what the caller is
            // told by that exception and reports itself.
            .ConfigureWarnings(warnings => warnings
                .Log(
                    (RelationalEventId.CommandExecuted, LogLevel.Debug),
                    (RelationalEventId.CommandError, LogLevel.Debug),
                    (RelationalEventId.TransactionError, LogLevel.Debug),
                    (RelationalEventId.ConnectionError, LogLevel.Debug),
                    (CoreEventId.QueryIterationFailed, LogLevel.Debug),
                    (CoreEventId.SaveChangesFailed, LogLevel.Debug)))
            .Options;

    public override void NoteFirstUsers() => FirstUsers.SetDue(this, false);

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        model.Entity<User>(user =>
        {
            // The index inherits the column's collation, so uniqueness and look-ups both ignore case.
            user.Property(u => u.Email).UseCollation("NOCASE");
            user.HasIndex(u => u.Email).IsUnique();
            // Most users have none; without the filter each would cost an entry all the same, a quarter of an insert.
            user.HasIndex(u => u.RequestId).HasFilter("request_id IS NOT NULL");
        });
        model.Entity<ChatEntry>().HasIndex(message => new { message.RequestId, message.Room, message.UserId }).HasFilter("request_id IS NOT NULL");
    }
}
