using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Users.Data.Migrations;

/// <summary>The model after the last migration, from which <c>dotnet ef migrations add</c> finds what the next one must do.</summary>
[DbContext(typeof(UsersContext))]
internal sealed class UsersContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder)
    {
        modelBuilder.HasAnnotation("ProductVersion", "10.0.15");

        modelBuilder.Entity("Users.Data.User", b =>
        {
            b.Property<string>("Id").HasColumnType("TEXT").HasColumnName("id");
            b.Property<string>("Name").IsRequired().HasColumnType("TEXT").HasColumnName("name");
            b.Property<string>("Email").IsRequired().HasColumnType("TEXT").HasColumnName("email").UseCollation("NOCASE");
            b.Property<long>("CreateTime").HasColumnType("INTEGER").HasColumnName("create_time");
            b.Property<long>("UpdateTime").HasColumnType("INTEGER").HasColumnName("update_time");
            b.Property<string>("Etag").IsRequired().HasColumnType("TEXT").HasColumnName("etag");
            b.Property<string>("RequestId").HasColumnType("TEXT").HasColumnName("request_id");
            b.Property<string>("RequestHash").HasColumnType("TEXT").HasColumnName("request_hash");
            b.HasKey("Id");
            b.HasIndex("Email").IsUnique();
            b.HasIndex("RequestId").IsUnique().HasFilter("request_id IS NOT NULL");
            b.ToTable("users", (string?)null);
        });

        modelBuilder.Entity("Users.Data.ChatEntry", b =>
        {
            b.Property<string>("Room").HasColumnType("TEXT").HasColumnName("room");
            b.Property<long>("Sequence").HasColumnType("INTEGER").HasColumnName("sequence");
            b.Property<string>("UserId").IsRequired().HasColumnType("TEXT").HasColumnName("user_id");
            b.Property<string>("Text").IsRequired().HasColumnType("TEXT").HasColumnName("text");
            b.Property<long>("Time").HasColumnType("INTEGER").HasColumnName("time");
            b.HasKey("Room", "Sequence");
            b.ToTable("chat_messages", (string?)null);
        });
    }
}
