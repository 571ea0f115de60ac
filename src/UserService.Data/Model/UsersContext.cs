using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Users.Data;

/// <summary>The model, the same for each database. What only one database knows is in a context that derives from it.</summary>
internal abstract class UsersContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<ChatEntry> Messages => Set<ChatEntry>();

    public DbSet<RoomEnd> Rooms => Set<RoomEnd>();

    public DbSet<HighestId> HighestIds => Set<HighestId>();

    /// <summary>Notes in the database, as a part of the open transaction, that it no longer waits for its first users.</summary>
    public abstract void NoteFirstUsers();

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
            user.HasIndex(u => u.RequestId).IsUnique();
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
            message.HasIndex(m => new { m.RequestId, m.Room, m.UserId }).IsUnique().HasDatabaseName("IX_chat_messages_request_id");
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
