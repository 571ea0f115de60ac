using System.Security.Cryptography;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>Databases that the server refuses to start with: one sentence that names the file, which stays as it was.</summary>
public sealed class BadDatabaseTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("Data Source=")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=users.db;Mode=ReadOnly")]
    [InlineData("Data Source=users.db;Host=db.example.com")]
    [InlineData("Data Source=users.db;Mode=Sideways")]
    [InlineData("users.db")]
    public async Task A_connection_string_that_names_no_file_ends_the_start(string connectionString) => Assert.StartsWith(
        "The database connection string ", await Failure.OfStartAsync([$"ConnectionStrings__Users={connectionString}"]));

    [Fact]
    public async Task A_missing_folder_ends_the_start() =>
        Assert.Contains($"'{_folder.File("missing")}' of the database does not exist", await FailAsync(_folder.File("missing/users.db")));

    [Fact]
    public async Task A_folder_in_the_files_place_ends_the_start() =>
        Assert.Contains($"'{_folder.Path}' is a folder", await FailAsync(_folder.Path));

    [Fact]
    public async Task A_file_in_the_folders_place_ends_the_start()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);

        Assert.Contains($"'{_folder.File("file")}' of the database does not exist", await FailAsync(_folder.File("file/users.db")));
    }

    // Root may write into any folder, except where the file system itself has no way to.
    [Fact(Skip = "Only Linux has /proc.", SkipUnless = nameof(IsLinux))]
    public async Task A_folder_that_cannot_be_written_ends_the_start() =>
        Assert.Contains("'/proc' of the database cannot be written", await FailAsync("/proc/users.db"));

    public static bool IsLinux => OperatingSystem.IsLinux();

    [Fact]
    public async Task A_file_that_is_no_database_ends_the_start()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(10_000);
        await File.WriteAllBytesAsync(_folder.Database, bytes, TestContext.Current.CancellationToken);

        Assert.Contains($"'{_folder.Database}' is not a SQLite database", await FailAsync(_folder.Database));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder.Database, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_damaged_database_ends_the_start()
    {
        await StartAndStopAsync();
        byte[] bytes = await File.ReadAllBytesAsync(_folder.Database, TestContext.Current.CancellationToken);
        // All but the header, so that it still looks like a database.
        RandomNumberGenerator.Fill(bytes.AsSpan(100));
        await File.WriteAllBytesAsync(_folder.Database, bytes, TestContext.Current.CancellationToken);

        Assert.Contains($"'{_folder.Database}' is damaged", await FailAsync(_folder.Database));
    }

    [Theory]
    [InlineData("CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT)")]
    [InlineData("CREATE TABLE invoices (number INTEGER PRIMARY KEY)")]
    public async Task A_database_of_another_program_ends_the_start(string schema)
    {
        using var database = new SqliteFile(_folder.Database);
        database.Execute(schema);

        Assert.Contains($"'{_folder.Database}' belongs to another program", await FailAsync(_folder.Database));
        Assert.Equal(1L, database.Read("SELECT COUNT(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task A_database_newer_than_the_program_ends_the_start()
    {
        await StartAndStopAsync();
        using (var database = new SqliteFile(_folder.Database))
        {
            database.Execute("INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_AddTelephones', '99.0.0')");
        }

        Assert.Contains($"'{_folder.Database}' was written by a newer version", await FailAsync(_folder.Database));
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

    private async Task StartAndStopAsync()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        Assert.Equal(0, await server.StopAsync());
    }
}
