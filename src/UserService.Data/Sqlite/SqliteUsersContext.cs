using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Users.Data.Sqlite;

/// <summary>The model as SQLite has it. Migrations/ builds the same schema step by step; a test holds the two together.</summary>
internal sealed class SqliteUsersContext(DbContextOptions<SqliteUsersContext> options) : UsersContext(options)
{
    public static DbContextOptions<SqliteUsersContext> Options(
        string connectionString, ILoggerFactory logging, IEnumerable<IInterceptor> interceptors) =>
        Complete(new DbContextOptionsBuilder<SqliteUsersContext>().UseSqlite(connectionString), logging, interceptors);

    public override void NoteFirstUsers() => FirstUsers.SetDue(this, false);

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        model.Entity<User>(user =>
        {
            // The index inherits the column's collation, so uniqueness and look-ups both ignore case.
            user.Property(u => u.Email).UseCollation("NOCASE");
            user.HasIndex(u => u.Email).IsUnique();
        });
    }
}
