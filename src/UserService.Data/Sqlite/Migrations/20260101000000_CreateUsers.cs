using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Users.Data.Sqlite.Migrations;

[DbContext(typeof(SqliteUsersContext))]
[Migration("20260101000000_CreateUsers")]
internal sealed class CreateUsers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "users",
            table => new
            {
                id = table.Column<string>("TEXT", nullable: false),
                name = table.Column<string>("TEXT", nullable: false),
                email = table.Column<string>("TEXT", nullable: false, collation: "NOCASE"),
                create_time = table.Column<long>("INTEGER", nullable: false),
                update_time = table.Column<long>("INTEGER", nullable: false),
                etag = table.Column<string>("TEXT", nullable: false),
                request_id = table.Column<string>("TEXT", nullable: true),
                request_hash = table.Column<string>("TEXT", nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_users", users => users.id));
        migrationBuilder.CreateIndex("IX_users_email", "users", "email", unique: true);
        migrationBuilder.CreateIndex("IX_users_request_id", "users", "request_id", unique: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("users");
}
