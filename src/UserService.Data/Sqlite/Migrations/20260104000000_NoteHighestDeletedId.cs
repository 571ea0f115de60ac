using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Users.Data.Sqlite.Migrations;

[DbContext(typeof(SqliteUsersContext))]
[Migration("20260104000000_NoteHighestDeletedId")]
internal sealed class NoteHighestDeletedId : Migration
{
    private const string Table = "highest_ids";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            Table,
            table => new
            {
                kind = table.Column<string>("TEXT", nullable: false),
                id = table.Column<string>("TEXT", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_highest_ids", ids => ids.kind));
        migrationBuilder.InsertData(Table, ["kind", "id"], ["TEXT", "TEXT"], ["users", ""]);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable(Table);
}
