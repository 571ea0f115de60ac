using System.Security.Cryptography;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>
/// Databases that the server refuses to start with: one sentence that names the file, which stays as it was. The other reasons to
/// refuse one are tried in the tests of UserService.Data, which need no process.
/// </summary>
public sealed class BadDatabaseTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_connection_string_that_names_no_file_ends_the_start() => Assert.StartsWith(
        "The database connection string ", await Failure.OfStartAsync(["ConnectionStrings__Users=Data Source=:memory:"]));

    [Fact]
    public async Task A_file_in_the_folders_place_ends_the_start()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);

        Assert.Contains($"'{_folder.File("file")}' of the database does not exist", await FailAsync(_folder.File("file/users.db")));
    }

    [Fact]
    public async Task A_file_that_is_no_database_ends_the_start()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(10_000);
        await File.WriteAllBytesAsync(_folder.Database, bytes, TestContext.Current.CancellationToken);

        Assert.Contains($"'{_folder.Database}' is not a SQLite database", await FailAsync(_folder.Database));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder.Database, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_database_that_another_server_has_ends_the_start_and_leaves_that_server_alone()
    {
        await using ServerProcess first = await ServerProcess.StartAsync(_folder.Database);

        Assert.Contains($"'{_folder.Database}' is in use by another process", await FailAsync(_folder.Database));
        Assert.Equal("Ada", (await first.Client.AddUserAsync("Ada")).Name);
    }

    [Fact]
    public async Task A_database_that_another_program_locked_ends_the_start()
    {
        using var database = new SqliteFile(_folder.Database);
        database.Execute("BEGIN EXCLUSIVE");

        Assert.Contains(
            $"'{_folder.Database}' is in use by another process", await FailAsync(_folder.Database, "Limits__StoreBusy=00:00:01"));
    }

    private static Task<string> FailAsync(string file, params string[] environment) =>
        Failure.OfStartAsync([$"ConnectionStrings__Users=Data Source={file}", .. environment]);
}
