using System.Text;
using Microsoft.Data.Sqlite;
using Users.Data.Sqlite.FastPath;
using static SQLitePCL.raw;

namespace Users.Data.Tests.FastPath;

public sealed class PreparedStatementTests : IDisposable
{
    // With three bytes for each character and one more character, 85 are the first that the stack has no place for.
    private static readonly string[] Texts =
    [
        "", "a", "O'Neil \"x\" \\ ?1", "é 名前 🙂", "\0", "before\0after", "\0\0", "1", "1.0", " ",
        new('a', 84), new('a', 85), new('名', 84), new('名', 85), new('名', 86), string.Concat(Enumerable.Repeat("🙂", 43)),
        new('é', 100_000),
    ];

    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public PreparedStatementTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void A_text_comes_back_as_it_was_bound()
    {
        using PreparedStatement select = Prepare("SELECT ?1, typeof(?1), length(CAST(?1 AS BLOB))");
        foreach (string text in Texts)
        {
            select.Bind(1, text);

            Assert.True(select.Step());
            Assert.Equal((text, "text", Encoding.UTF8.GetByteCount(text)), (select.Text(0), select.Text(1), select.Integer(2)));
            Assert.False(select.Step());
            select.Reset();
        }
    }

    [Fact]
    public void What_was_bound_last_is_what_counts()
    {
        using PreparedStatement select = Prepare("SELECT ?1, typeof(?1)");

        Assert.Equal(("a longer text", "text"), Read("a longer text"));
        Assert.Equal(("short", "text"), Read("short"));
        Assert.Equal(("", "text"), Read(""));
        Assert.Equal(("", "null"), Read(null));
        Assert.Equal(("again", "text"), Read("again"));

        (string, string) Read(string? text)
        {
            select.Bind(1, text);
            Assert.True(select.Step());
            (string, string) row = (select.Text(0), select.Text(1));
            select.Reset();
            return row;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void An_integer_comes_back_as_it_was_bound(long value)
    {
        using PreparedStatement select = Prepare("SELECT ?1, typeof(?1)");

        select.Bind(1, value);

        Assert.True(select.Step());
        Assert.Equal((value, "integer"), (select.Integer(0), select.Text(1)));
    }

    [Fact]
    public void Execute_says_how_many_rows_it_changed()
    {
        using PreparedStatement create = Prepare("CREATE TABLE numbers (number INTEGER PRIMARY KEY)");
        create.Execute();
        using PreparedStatement insert = Prepare("INSERT INTO numbers VALUES (?1), (?1 + 1) ON CONFLICT DO NOTHING");

        Assert.Equal([2, 1, 0], Enumerable.Range(1, 3).Select(i => Insert(i == 3 ? 1 : i)));

        int Insert(long number)
        {
            insert.Bind(1, number);
            return insert.Execute();
        }
    }

    [Fact]
    public void A_write_that_is_refused_leaves_its_statement_ready_for_the_next()
    {
        using PreparedStatement create = Prepare("CREATE TABLE names (name TEXT PRIMARY KEY)");
        create.Execute();
        using PreparedStatement insert = Prepare("INSERT INTO names VALUES (?1)");
        using PreparedStatement count = Prepare("SELECT count(*) FROM names");
        insert.Bind(1, "Ada");
        insert.Execute();

        // The same again.
        Assert.Equal(SQLITE_CONSTRAINT, Assert.Throws<SqliteException>(() => insert.Execute()).SqliteErrorCode);
        insert.Bind(1, "Eve");

        Assert.Equal(1, insert.Execute());
        Assert.True(count.Step());
        Assert.Equal(2, count.Integer(0));
    }

    [Fact]
    public void A_read_that_fails_can_be_run_again()
    {
        using PreparedStatement select = Prepare("SELECT abs(?1)");
        select.Bind(1, long.MinValue);
        Assert.Contains("integer overflow", Assert.Throws<SqliteException>(() => select.Step()).Message);

        select.Reset();
        select.Bind(1, -5);

        Assert.True(select.Step());
        Assert.Equal(5, select.Integer(0));
    }

    [Fact]
    public void What_SQLite_refuses_is_its_exception()
    {
        using PreparedStatement select = Prepare("SELECT ?1");

        Assert.Contains("nowhere", Assert.Throws<SqliteException>(() => Prepare("SELECT 1 FROM nowhere")).Message);
        Assert.Equal(SQLITE_RANGE, Assert.Throws<SqliteException>(() => select.Bind(2, "x")).SqliteErrorCode);
    }

    [Fact]
    public async Task A_store_that_is_disposed_takes_its_write_ahead_log_with_it()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        using (UserStore store = folder.Open())
        {
            CancellationToken token = TestContext.Current.CancellationToken;
            User ada = (await store.Users.CreateAsync(new NewUser("Ada", "ada@example.org", Guid.NewGuid()), token)).User!;
            await store.Users.FindAsync(ada.Id, token);
            await store.Users.ReadPageAsync(null, 10, token);
            await store.Chat.PostAsync("lobby", ada.Id, "hello", token);
            Assert.True(File.Exists(folder.Database + "-wal"));
        }

        // With a statement left, its connection would outlive the store.
        Assert.Equal(["users.db", "users.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    private PreparedStatement Prepare(string sql) => new(_connection, sql);
}
