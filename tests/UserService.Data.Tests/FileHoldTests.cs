using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Users.Tests.Support;

namespace Users.Data.Tests;

/// <summary>One process for one file, whatever names it has; and a file that is no longer the one that was opened.</summary>
public sealed class FileHoldTests() : StoreTests(path: null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_file_with_a_second_name_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the names of a file are not counted.");
        SystemProgram.Run("ln", Folder.Database, Folder.File("second.db"));
        using var folder = new TestFolder();

        foreach (string name in (string[])["users.db", "second.db"])
        {
            var error = Assert.Throws<UserStoreException>(() => folder.Open(configure: options => options.ConnectionString = $"Data Source={Folder.File(name)}"));

            Assert.Contains(name == "users.db" ? "is in use by another process" : "has 2 names (hard links)", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_mounted_is_refused_and_a_folder_is_not()
    {
        using var folder = new TestFolder();
        EmptyDatabase.WriteTo(folder.File("inside.db"));
        File.WriteAllText(folder.Database, "");
        Directory.CreateDirectory(folder.File("mounted"));
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && SystemProgram.TryRun("mount", "--bind", folder.File("inside.db"), folder.Database), "A file cannot be mounted here.");
        try
        {
            Assert.Contains(
                "is a mount point, and its write-ahead log would lie outside; mount the folder, not the file.",
                Assert.Throws<UserStoreException>(() => folder.Open()).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            SystemProgram.Run("umount", folder.Database);
        }

        SystemProgram.Run("mount", "-t", "tmpfs", "tmpfs", folder.File("mounted"));
        try
        {
            folder.Open(configure: options => options.ConnectionString = $"Data Source={folder.File("mounted/users.db")}").Dispose();
        }
        finally
        {
            SystemProgram.Run("umount", folder.File("mounted"));
        }
    }

    // A disk that is full refuses the commit itself, where a file with a largest size refuses a row.
    [Fact]
    public async Task A_full_disk_is_told_to_its_callers_and_not_to_the_log()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.File("small"));
        Assert.SkipUnless(OperatingSystem.IsLinux() && SystemProgram.TryRun("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.File("small")), "Nothing can be mounted here.");
        try
        {
            using var lines = new LogLines();
            using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddProvider(lines));
            await using UserStore store = UserStore.Open(
                new UserStoreOptions { ConnectionString = $"Data Source={folder.File("small/users.db")}" }, Time, logging);
            int written = 0;
            async Task FillAsync()
            {
                for (; ; written++)
                {
                    await store.Users.CreateAsync(new NewUser(new string('x', 200), $"{written}@example.org"), Cancellation);
                }
            }

            await Assert.ThrowsAsync<StoreFullException>(FillAsync);

            Assert.True(written > 0);
            Assert.Equal(written, (await store.Users.ReadPageAsync(null, 10_000, Cancellation)).Count);
            Assert.DoesNotContain(lines.All, line => line.Level >= LogLevel.Warning);
        }
        finally
        {
            SystemProgram.Run("umount", folder.File("small"));
        }
    }

    [Theory]
    [InlineData("ro", "is read-only; mount it for writing or name another file.")]
    [InlineData("nr_inodes=1", "There is no space, or no inode, left for the database ")]
    public void A_file_system_that_takes_no_file_is_named_as_that(string option, string sentence)
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.File("mounted"));
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && SystemProgram.TryRun("mount", "-t", "tmpfs", "-o", option, "tmpfs", folder.File("mounted")), "Nothing can be mounted here.");
        try
        {
            Assert.Contains(
                sentence,
                Assert.Throws<UserStoreException>(() => folder.Open(
                    configure: options => options.ConnectionString = $"Data Source={folder.File("mounted/users.db")}")).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            SystemProgram.Run("umount", folder.File("mounted"));
        }
    }

    [Fact]
    public void Without_its_lock_file_a_database_is_held_all_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the lock file is all that holds it.");
        File.Delete(Folder.Database + ".lock");

        Assert.Contains("is in use by another process", Assert.Throws<UserStoreException>(() => Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("truncated")]
    public async Task A_file_that_is_gone_takes_no_writes_until_it_is_back(string how)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps an open file.");
        await CreateAsync("before");
        File.Move(Folder.Database, Folder.File("aside"));
        switch (how)
        {
            case "replaced":
                EmptyDatabase.WriteTo(Folder.Database);
                break;
            case "truncated":
                File.WriteAllText(Folder.Database, "");
                break;
        }

        Time.Advance(Interval);

        Assert.Contains("gone, or another one has its name", (await Assert.ThrowsAsync<StoreBusyException>(() => Store.CheckAsync(Cancellation))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreBusyException>(() => CreateAsync("lost"));

        File.Move(Folder.File("aside"), Folder.Database, overwrite: true);
        Time.Advance(Interval);
        await Store.CheckAsync(Cancellation);
        await CreateAsync("after");
        Assert.Equal(["before", "after"], (await Repository.ReadPageAsync(null, 10, Cancellation)).Select(user => user.Name));
    }

    [Fact]
    public async Task A_damaged_file_takes_no_writes_any_more()
    {
        await Repository.CreateManyAsync([.. Enumerable.Range(0, 1_000).Select(i => new NewUser($"{i}", $"{i}@example.org", null))], Cancellation);
        using (var database = new SqliteConnection($"Data Source={Folder.Database};Pooling=False"))
        {
            database.Open();
            using SqliteCommand checkpoint = database.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            checkpoint.ExecuteNonQuery();
        }

        SystemProgram.Run("dd", "if=/dev/urandom", $"of={Folder.Database}", "bs=4096", "seek=2", "count=100", "conv=notrunc");

        await Assert.ThrowsAsync<StoreBusyException>(async () => await Open(Store));
        Assert.Contains("damaged", (await Assert.ThrowsAsync<StoreBusyException>(() => Store.CheckAsync(Cancellation))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreBusyException>(() => CreateAsync("lost"));

        // Each reader of the pool has pages of its own; a list reads all of them.
        static async Task Open(UserStore store)
        {
            for (int i = 0; i < 100; i++)
            {
                await store.Users.ListPagesAsync(null, long.MaxValue, Cancellation).CountAsync(Cancellation);
            }
        }
    }
}
