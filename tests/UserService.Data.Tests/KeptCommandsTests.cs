using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using Users.Data.Sqlite;
using static SQLitePCL.raw;

namespace Users.Data.Tests;

/// <summary>What stays compiled on a connection, as SQLite says.</summary>
public sealed class KeptCommandsTests : IDisposable
{
    private readonly TestFolder _folder = TestFolder.WithDatabase();
    private readonly SqliteUsersContext _db;

    public KeptCommandsTests()
    {
        _db = new(SqliteUsersContext.Options($"Data Source={_folder.Database};Pooling=False", NullLoggerFactory.Instance, [new KeptCommands()]));
        _db.Database.OpenConnection();
        // Before the first statement.
        Handle.enable_sqlite3_next_stmt(true);
    }

    private sqlite3 Handle => ((SqliteConnection)_db.Database.GetDbConnection()).Handle!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _db.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_query_is_compiled_once_and_run_with_other_values()
    {
        await AddAsync("a", "b");

        foreach (string id in (string[])["a", "b", "a", "nobody"])
        {
            Assert.Equal(id == "nobody" ? null : id, (await _db.Users.SingleOrDefaultAsync(user => user.Id == id, Cancellation))?.Id);
        }

        Assert.Single(Compiled(), sql => sql.StartsWith("SELECT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_statement_that_failed_runs_again()
    {
        await AddAsync("a");
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync("a"));
        }

        await AddAsync("b");

        Assert.Equal(2, await _db.Users.CountAsync(Cancellation));
        Assert.Single(Compiled(), sql => sql.StartsWith("INSERT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reader_that_is_left_half_way_lets_the_next_one_begin_anew()
    {
        await AddAsync("a", "b");

        for (int i = 0; i < 2; i++)
        {
            await foreach (User user in _db.Users.OrderBy(user => user.Id).AsAsyncEnumerable())
            {
                Assert.Equal("a", user.Id);
                break;
            }
        }
    }

    [Fact]
    public async Task However_many_texts_there_are_a_hundred_stay()
    {
        for (int i = 0; i < 150; i++)
        {
            // Not a parameter, but a text for each number.
            string sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {i} AS Value");

            Assert.Equal(i, await _db.Database.SqlQueryRaw<int>(sql).SingleAsync(Cancellation));
        }

        Assert.Equal(100, Compiled().Count());
    }

    private async Task AddAsync(params IEnumerable<string> ids)
    {
        _db.ChangeTracker.Clear();
        _db.Users.AddRange(ids.Select(id => new User { Id = id, Name = id, Email = $"{id}@example.com", Etag = "", CreateTime = default, UpdateTime = default }));
        await _db.SaveChangesAsync(Cancellation);
    }

    private IEnumerable<string> Compiled()
    {
        for (sqlite3_stmt? statement = sqlite3_next_stmt(Handle, null); statement is not null; statement = sqlite3_next_stmt(Handle, statement))
        {
            yield return sqlite3_sql(statement).utf8_to_string();
        }
    }
}
