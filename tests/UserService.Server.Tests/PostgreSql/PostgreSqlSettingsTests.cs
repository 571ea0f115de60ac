using Users.Server.Tests.Hosting;

namespace Users.Server.Tests.PostgreSql;

/// <summary>Settings of PostgreSQL that the server refuses to start with.</summary>
public sealed class PostgreSqlSettingsTests
{
    [Theory]
    [InlineData("Database:Provider=Oracle", "Database:Provider is 'Oracle': write Sqlite or PostgreSql.")]
    [InlineData("PostgreSql:MaxConnections=0", "PostgreSql:MaxConnections must be 1 to 10000.")]
    [InlineData("PostgreSql:LockTimeout=00:00:00", "PostgreSql:LockTimeout must be 00:00:00.0100000 to 00:01:00.")]
    [InlineData("PostgreSql:StartWait=-00:00:01", "PostgreSql:StartWait must be 00:00:00 to 01:00:00.")]
    [InlineData("PostgreSql:StartWaits=1", "PostgreSql:StartWaits is not a setting")]
    public async Task A_wrong_one_ends_the_start(string setting, string expected) =>
        Assert.StartsWith(expected, await RefusedStart.SentenceAsync($"--{setting}"), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_is_no_database_of_PostgreSQL() => Assert.StartsWith(
        "The database connection string is not one of PostgreSQL;",
        await RefusedStart.SentenceAsync("--Database:Provider=postgresql"),
        StringComparison.Ordinal);
}
