using Microsoft.EntityFrameworkCore.Migrations;

namespace Users.Data.PostgreSql.Migrations;

internal sealed partial class Create : Migration
{
    private static readonly string[] Messages = ["request_id", "room", "user_id"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "users",
            table => new
            {
                id = table.Column<string>("text", nullable: false, collation: "C"),
                name = table.Column<string>("text", nullable: false, collation: "C"),
                email = table.Column<string>("text", nullable: false, collation: "C"),
                create_time = table.Column<long>("bigint", nullable: false),
                update_time = table.Column<long>("bigint", nullable: false),
                etag = table.Column<string>("text", nullable: false, collation: "C"),
                request_id = table.Column<string>("text", nullable: true, collation: "C"),
                request_hash = table.Column<string>("text", nullable: true, collation: "C"),
            },
            constraints: table => table.PrimaryKey("PK_users", users => users.id));
        // In this collation lower() knows the letters of ASCII alone.
        migrationBuilder.Sql("""CREATE UNIQUE INDEX "IX_users_email" ON users (lower(email COLLATE "C"))""");
        migrationBuilder.CreateIndex("IX_users_request_id", "users", "request_id", unique: true, filter: "request_id IS NOT NULL");
        migrationBuilder.CreateTable(
            "chat_messages",
            table => new
            {
                room = table.Column<string>("text", nullable: false, collation: "C"),
                sequence = table.Column<long>("bigint", nullable: false),
                user_id = table.Column<string>("text", nullable: false, collation: "C"),
                text = table.Column<string>("text", nullable: false, collation: "C"),
                time = table.Column<long>("bigint", nullable: false),
                request_id = table.Column<string>("text", nullable: true, collation: "C"),
            },
            constraints: table => table.PrimaryKey("PK_chat_messages", messages => new { messages.room, messages.sequence }));
        migrationBuilder.CreateIndex(
            "IX_chat_messages_request_id", "chat_messages", Messages, unique: true, filter: "request_id IS NOT NULL");
        migrationBuilder.CreateTable(
            "rooms",
            table => new
            {
                name = table.Column<string>("text", nullable: false, collation: "C"),
                last = table.Column<long>("bigint", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_rooms", rooms => rooms.name));
        migrationBuilder.CreateTable(
            "highest_ids",
            table => new
            {
                kind = table.Column<string>("text", nullable: false, collation: "C"),
                id = table.Column<string>("text", nullable: false, collation: "C"),
            },
            constraints: table => table.PrimaryKey("PK_highest_ids", ids => ids.kind));
        migrationBuilder.InsertData("highest_ids", ["kind", "id"], ["text", "text"], ["users", ""]);
        migrationBuilder.Sql("CREATE TABLE first_users_due (due boolean NOT NULL)");
        migrationBuilder.Sql("INSERT INTO first_users_due VALUES (true)");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (string table in (string[])["first_users_due", "highest_ids", "rooms", "chat_messages", "users"])
        {
            migrationBuilder.DropTable(table);
        }
    }
}
