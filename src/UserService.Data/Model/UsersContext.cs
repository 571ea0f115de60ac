using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>The model, the same for each database. What only one database knows is in a context that derives from it.</summary>
internal abstract class UsersContext(DbContextOptions options) : DbContext(options)
{
    private const string HasRequestId = "request_id IS NOT NULL";

    public DbSet<User> Users => Set<User>();

    public DbSet<ChatEntry> Messages => Set<ChatEntry>();

    public DbSet<RoomEnd> Rooms => Set<RoomEnd>();

    public DbSet<HighestId> HighestIds => Set<HighestId>();

    /// <summary>Notes in the database, as a part of the open transaction, that it no longer waits for its first users.</summary>
    public abstract void NoteFirstUsers();

    /// <summary>Completes the options of an engine's context with what holds for each.</summary>
    protected static DbContextOptions<TContext> Complete<TContext>(
        DbContextOptionsBuilder<TContext> engine, ILoggerFactory logging, IEnumerable<IInterceptor> interceptors)
        where TContext : UsersContext => engine
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

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration) =>
        configuration.Properties<DateTimeOffset>().HaveConversion<UnixMicrosecondsConverter>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.ToTable("users");
            user.HasKey(u => u.Id);
            user.Property(u => u.Id).ValueGeneratedNever();
            user.Property(u => u.RequestId);
            user.Property(u => u.RequestHash);
            // Most users have none; without the filter each would cost an entry all the same, a quarter of an insert.
            user.HasIndex(u => u.RequestId).IsUnique().HasFilter(HasRequestId);
        });

        model.Entity<HighestId>(highest =>
        {
            highest.ToTable("highest_ids");
            highest.HasKey(h => h.Kind);
            highest.Property(h => h.Id).IsRequired();
            highest.HasData(new HighestId { Kind = HighestId.OfUsers, Id = "" });
        });

        // No foreign key to users: deleting a user keeps what was said.
        model.Entity<ChatEntry>(message =>
        {
            message.ToTable("chat_messages");
            message.HasKey(m => new { m.Room, m.Sequence });
            message.Property(m => m.Sequence).ValueGeneratedNever();
            // The request id comes first, since it tells two entries of the index apart at once.
            message.HasIndex(m => new { m.RequestId, m.Room, m.UserId }).IsUnique().HasFilter(HasRequestId).HasDatabaseName("IX_chat_messages_request_id");
        });

        model.Entity<RoomEnd>(room =>
        {
            room.ToTable("rooms");
            room.HasKey(r => r.Name);
        });

        foreach (IMutableProperty property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }
}
