using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>The model. Migrations/ builds the same schema step by step; a test holds the two together.</summary>
internal sealed class UsersContext(DbContextOptions<UsersContext> options) : DbContext(options)
{
    // By reference, since to hash a long statement costs as much as to bind one of its parameters.
    private readonly Dictionary<string, PreparedStatement> _prepared = new(ReferenceEqualityComparer.Instance);

    public DbSet<User> Users => Set<User>();

    public DbSet<ChatEntry> Messages => Set<ChatEntry>();

    /// <summary>
    /// The options of every context: a compiled query works with one model only, and contexts whose options differ in more than
    /// connection, logging and interceptors have models of their own.
    /// </summary>
    public static DbContextOptions<UsersContext> Options(string connectionString, ConnectionSettings settings, ILoggerFactory logging) =>
        new DbContextOptionsBuilder<UsersContext>()
            .UseSqlite(connectionString)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .UseLoggerFactory(logging)
            .AddInterceptors(settings)
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

    /// <summary>
    /// A statement of this context's connection, which is open and stays so; compiled when it is first asked for. The text is a constant
    /// or made once.
    /// </summary>
    public PreparedStatement Prepare(string sql) => _prepared.TryGetValue(sql, out PreparedStatement? known)
        ? known
        : _prepared[sql] = new PreparedStatement((SqliteConnection)Database.GetDbConnection(), sql);

    public override void Dispose()
    {
        // Before the connection: SQLite keeps a closed one alive while a statement of it is.
        foreach (PreparedStatement statement in _prepared.Values)
        {
            statement.Dispose();
        }

        base.Dispose();
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration) =>
        configuration.Properties<DateTimeOffset>().HaveConversion<UnixMicrosecondsConverter>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.ToTable("users");
            user.HasKey(u => u.Id);
            user.Property(u => u.Id).HasColumnName("id").ValueGeneratedNever();
            user.Property(u => u.Name).HasColumnName("name");
            // The index inherits the column's collation, so uniqueness and look-ups both ignore case.
            user.Property(u => u.Email).HasColumnName("email").UseCollation("NOCASE");
            user.Property(u => u.CreateTime).HasColumnName("create_time");
            user.Property(u => u.UpdateTime).HasColumnName("update_time");
            user.Property(u => u.Etag).HasColumnName("etag");
            user.Property(u => u.RequestId).HasColumnName("request_id");
            user.Property(u => u.RequestHash).HasColumnName("request_hash");
            user.HasIndex(u => u.Email).IsUnique();
            // Most users have none; without the filter each would cost an entry all the same, a quarter of an insert.
            user.HasIndex(u => u.RequestId).IsUnique().HasFilter("request_id IS NOT NULL");
        });

        // No foreign key to users: deleting a user keeps what was said.
        model.Entity<ChatEntry>(message =>
        {
            message.ToTable("chat_messages");
            message.HasKey(m => new { m.Room, m.Sequence });
            message.Property(m => m.Room).HasColumnName("room");
            message.Property(m => m.Sequence).HasColumnName("sequence").ValueGeneratedNever();
            message.Property(m => m.UserId).HasColumnName("user_id");
            message.Property(m => m.Text).HasColumnName("text");
            message.Property(m => m.Time).HasColumnName("time");
        });
    }
}
