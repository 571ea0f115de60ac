using Microsoft.EntityFrameworkCore.Migrations;

namespace Users.Data.Sqlite.Migrations;

internal sealed partial class SayMessagesOnce : Migration
{
    private const string Messages = "chat_messages";
    private const string RequestId = "request_id";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>(RequestId, Messages, "TEXT", nullable: true);
        migrationBuilder.CreateIndex(
            "IX_chat_messages_request_id", Messages, [RequestId, "room", "user_id"], unique: true, filter: "request_id IS NOT NULL");
        migrationBuilder.CreateTable(
            "rooms",
            table => new
            {
                name = table.Column<string>("TEXT", nullable: false),
                last = table.Column<long>("INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_rooms", rooms => rooms.name));
        migrationBuilder.Sql("INSERT INTO rooms (name, last) SELECT room, max(sequence) FROM chat_messages GROUP BY room");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("rooms");
        migrationBuilder.DropIndex("IX_chat_messages_request_id", Messages);
        // Without EF's own rebuild of the table: SQLite can drop a column since 3.35.
        migrationBuilder.Sql("ALTER TABLE chat_messages DROP COLUMN request_id");
    }
}
