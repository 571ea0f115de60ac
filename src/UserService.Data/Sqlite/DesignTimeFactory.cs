using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Logging.Abstractions;

namespace Users.Data.Sqlite;

/// <summary>Gives <c>dotnet ef</c> a context to compare with the migrations. Adding a migration opens no database.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteUsersContext>
{
    public SqliteUsersContext CreateDbContext(string[] args) =>
        new(SqliteUsersContext.Options("Data Source=users.db", NullLoggerFactory.Instance, []));
}
