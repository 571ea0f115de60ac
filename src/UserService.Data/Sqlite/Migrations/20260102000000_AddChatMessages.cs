using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Users.Data.Sqlite.Migrations;

[DbContext(typeof(SqliteUsersContext))]
[Migration("20260102000000_AddChatMessages")]
internal sealed class AddChatMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
        "chat_messages",
        table => new
        {
            room = table.Column<string>("TEXT", nullable: false),
            sequence = table.Column<long>("INTEGER", nullable: false),
            user_id = table.Column<string>("TEXT", nullable: false),
            text = table.Column<string>("TEXT", nullable: false),
            time = table.Column<long>("INTEGER", nullable: false),
        },
        constraints: table => table.PrimaryKey("PK_chat_messages", messages => new { messages.room, messages.sequence }));

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("chat_messages");
}
