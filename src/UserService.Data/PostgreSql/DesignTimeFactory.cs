using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>Gives <c>dotnet ef</c> a context to compare with the migrations. Adding a migration opens no database.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlUsersContext>
{
    public PostgreSqlUsersContext CreateDbContext(string[] args) =>
        new(PostgreSqlUsersContext.Options(NpgsqlDataSource.Create("Host=localhost"), NullLoggerFactory.Instance, []));
}
