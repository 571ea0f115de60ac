using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>The model, the same whatever the database. What only one database knows is in a context that derives from it.</summary>
internal abstract class UsersContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<ChatEntry> Messages => Set<ChatEntry>();

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
            user.Property(u => u.Id).HasColumnName("id").ValueGeneratedNever();
            user.Property(u => u.Name).HasColumnName("name");
            user.Property(u => u.Email).HasColumnName("email");
            user.Property(u => u.CreateTime).HasColumnName("create_time");
            user.Property(u => u.UpdateTime).HasColumnName("update_time");
            user.Property(u => u.Etag).HasColumnName("etag");
            user.Property(u => u.RequestId).HasColumnName("request_id");
            user.Property(u => u.RequestHash).HasColumnName("request_hash");
            user.HasIndex(u => u.Email).IsUnique();
            user.HasIndex(u => u.RequestId).IsUnique();
        });

        model.Entity<HighestId>(highest =>
        {
            highest.ToTable("highest_ids");
            highest.HasKey(h => h.Kind);
            highest.Property(h => h.Kind).HasColumnName("kind");
            highest.Property(h => h.Id).HasColumnName("id").IsRequired();
            highest.HasData(new HighestId { Kind = HighestId.OfUsers, Id = "" });
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
