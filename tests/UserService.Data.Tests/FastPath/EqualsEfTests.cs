using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Time.Testing;
using Users.Data.Sqlite;
using Users.Data.Sqlite.FastPath;

namespace Users.Data.Tests.FastPath;

/// <summary>The fast path reads and stores, to the byte, what EF Core would.</summary>
public sealed class EqualsEfTests() : StoreTests(FastPathOption.UseFastPath)
{
    private const string UsersSql = """
        SELECT typeof(id) || hex(id) || ' ' || typeof(name) || hex(name) || ' ' || typeof(email) || hex(email) || ' '
            || typeof(create_time) || create_time || ' ' || typeof(update_time) || update_time || ' ' || typeof(etag) || hex(etag) || ' '
            || typeof(request_id) || hex(request_id) || ' ' || typeof(request_hash) || hex(request_hash)
        FROM users ORDER BY id
        """;

    private const string MessagesSql = """
        SELECT typeof(room) || hex(room) || ' ' || typeof(sequence) || sequence || ' ' || typeof(user_id) || hex(user_id) || ' '
            || typeof(text) || hex(text) || ' ' || typeof(time) || time || ' ' || typeof(request_id) || hex(request_id)
        FROM chat_messages
        UNION ALL SELECT typeof(name) || hex(name) || typeof(last) || last FROM rooms ORDER BY 1
        """;

    private const string HighestSql = "SELECT kind || id FROM highest_ids";

    private static readonly string[] Texts =
    [
        "", "Ada", "O'Neil", "\"quoted\" \\ back", "é 名前", "👩‍🚀 🙂 𝒜", "before\0after", "\0", " spaces ", "12", "0x1F", "null", "%_",
        "line\r\nbreak", "\ufeffmark", "e\u0301", new('a', 84), new('a', 85), new('名', 1_000), string.Concat(Enumerable.Repeat("🙂", 2_000)),
    ];

    private readonly List<User> _users = RandomUsers(310);

    [Fact]
    public async Task Users_are_found_as_EF_finds_them()
    {
        using SqliteUsersContext db = Fill();
        (EfReader ef, FastReader fast) = (new EfReader(db), new FastReader(db, Statements(db)));

        foreach (string id in Ids())
        {
            Assert.Equal(Content(await ef.FindUserAsync(id, Cancellation)), Content(await fast.FindUserAsync(id, Cancellation)));
        }
    }

    [Fact]
    public void Users_are_found_by_their_request_ids_as_EF_finds_them()
    {
        using SqliteUsersContext db = Fill();
        var fast = new FastUsers(db, Statements(db), new NewRows(Time));

        foreach (string? id in _users.Select(user => user.RequestId).Append("").Append("nothing").Where(id => id is not null))
        {
            User? user = db.Users.SingleOrDefault(user => user.RequestId == id);
            (User User, string Hash)? found = fast.FindByRequestId(id!);
            Assert.Equal((Content(user), user?.RequestHash), (Content(found?.User), found?.Hash));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Pages_are_read_as_EF_reads_them(int count)
    {
        using SqliteUsersContext db = Fill();
        (EfReader ef, FastReader fast) = (new EfReader(db), new FastReader(db, Statements(db)));

        foreach (string after in Ids())
        {
            Assert.Equal(
                (await ef.ReadUsersAsync(after, count, Cancellation)).Select(Content),
                (await fast.ReadUsersAsync(after, count, Cancellation)).Select(Content));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Users_are_stored_as_EF_stores_them(bool many)
    {
        using TestFolder folder = TestFolder.WithDatabase();
        using (SqliteUsersContext db = RawDatabase.Context(folder.Database))
        {
            db.Database.OpenConnection();
            var insert = new UserInsert(Statements(db));
            Assert.All(many ? insert.RunMany([.. _users]) : _users.Select(insert.Run), Assert.True);
        }

        Fill().Dispose();

        string[] stored = RawDatabase.Query(folder.Database, UsersSql);
        Assert.Equal(RawDatabase.Query(Folder.Database, UsersSql), stored);
        Assert.Equal(_users.Count, stored.Length);
    }

    [Fact]
    public async Task Each_property_of_a_user_is_stored_and_read()
    {
        var user = (User)RuntimeHelpers.GetUninitializedObject(typeof(User));
        using SqliteUsersContext db = Open();
        IEntityType model = db.Model.FindEntityType(typeof(User))!;
        foreach (IProperty property in model.GetProperties())
        {
            property.PropertyInfo!.SetValue(user, property.ClrType == typeof(string) ? property.Name : DateTimeOffset.UnixEpoch.AddSeconds(property.GetIndex()));
        }

        Assert.True(new UserInsert(Statements(db)).Run(user));

        Assert.Equal(model.GetProperties().Select(property => property.GetColumnName()).Order(), UserRow.Inserted.Order());
        Assert.Equivalent(user, await db.Users.SingleAsync(Cancellation), strict: true);
        Assert.Equivalent(user, await new FastReader(db, Statements(db)).FindUserAsync(user.Id, Cancellation), strict: true);
    }

    [Fact]
    public async Task Users_are_changed_and_deleted_as_EF_does()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        using SqliteUsersContext db = Fill();
        using SqliteUsersContext below = Fill(folder);
        var ef = new EfUsers(db, new EfReader(db), new NewRows(Time));
        var fast = new FastUsers(below, Statements(below), new NewRows(Time));
        List<UserWriteStatus> seen = [];
        List<string> changed = [];

        for (int i = 0; i < _users.Count; i++)
        {
            User user = _users[i];
            string text = Short(Texts[i % Texts.Length]);
            string? email = (i % 4) switch { 0 => null, 1 => $"{i}{text}@example.com", 2 => user.Email.ToUpperInvariant(), _ => _users[i - 1].Email };
            var change = new UserChange(i % 10 == 9 ? "nobody" : user.Id, i % 3 == 0 ? null : text, email, i % 7 == 0 ? "stale" : null);
            UserWrite expected = await ef.UpdateAsync(change);
            db.ChangeTracker.Clear();
            Assert.Equal(expected.Status, fast.Update(change).Status);
            seen.Add(expected.Status);
            changed.AddRange(expected.Status == UserWriteStatus.Done ? [user.Id] : []);
        }

        Assert.Equal(
            [UserWriteStatus.Done, UserWriteStatus.NotFound, UserWriteStatus.EmailTaken, UserWriteStatus.EtagMismatch], seen.Distinct().Order());
        foreach (string file in (string[])[Folder.Database, folder.Database])
        {
            // Each draws its own.
            RawDatabase.Execute(file, $"UPDATE users SET etag = 'drawn' WHERE id IN ('{string.Join("', '", changed)}')");
        }

        Assert.Equal(RawDatabase.Query(Folder.Database, UsersSql), RawDatabase.Query(folder.Database, UsersSql));
        foreach ((string id, string? etag) in _users.OrderByDescending(user => user.Id).Take(50).SelectMany(user =>
            ((string, string?)[])[(user.Id, "stale"), (user.Id, user.Id[^1] == '0' ? null : "drawn"), (user.Id, null), ("", null)]))
        {
            Assert.Equal(await ef.DeleteAsync(id, etag), fast.Delete(id, etag));
            Assert.Equal(RawDatabase.Query(Folder.Database, HighestSql), RawDatabase.Query(folder.Database, HighestSql));
        }

        Assert.Equal(_users.Count - 50, RawDatabase.Query(folder.Database, UsersSql).Length);
        Assert.Equal(RawDatabase.Query(Folder.Database, UsersSql), RawDatabase.Query(folder.Database, UsersSql));
    }

    [Theory]
    [InlineData("2", "other@example.org", "b", true)]
    [InlineData("2", "other@example.org", null, true)]
    [InlineData("1", "other@example.org", "b", false)]
    [InlineData("2", "ADA@example.org", "b", false)]
    [InlineData("2", "other@example.org", "a", false)]
    [InlineData("2", "ÀDA@example.org", "A", true)]
    public void A_user_is_refused_where_EF_refuses_it(string id, string email, string? requestId, bool isStored)
    {
        using SqliteUsersContext db = Open();
        var insert = new UserInsert(Statements(db));
        Assert.True(insert.Run(With("1", "ada@example.org", "a")));
        Assert.True(insert.Run(With("3", "àda@example.org", null)));
        User user = With(id, email, requestId);

        Assert.Equal(isStored, insert.Run(user));
        if (isStored)
        {
            db.Users.Where(stored => stored.Id == id).ExecuteDelete();
        }

        db.Add(user);
        Assert.Equal(isStored, Record.Exception(() => db.SaveChanges()) is null);

        static User With(string id, string email, string? requestId) => new()
        {
            Id = id,
            Name = "Ada",
            Email = email,
            RequestId = requestId,
            RequestHash = requestId,
        };
    }

    [Fact]
    public async Task Messages_are_stored_and_read_as_EF_does()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        User speaker = _users[0];
        using SqliteUsersContext below = RawDatabase.Context(folder.Database);
        below.Database.OpenConnection();
        PreparedStatements statements = Statements(below);
        Assert.True(new UserInsert(statements).Run(speaker));
        using SqliteUsersContext db = Open();
        db.Add(speaker);
        db.SaveChanges();
        var time = new FakeTimeProvider();
        var fast = new FastMessages(new FastReader(below, statements), statements, new NewRows(time));
        var ef = new EfMessages(db, new NewRows(time));
        var random = new Random(7);
        string[] rooms = ["lobby", "", "名前 🙂", "a\0b"];

        for (int i = 0; i < 40; i++)
        {
            time.Advance(TimeSpan.FromTicks(random.Next()));
            var post = new PostMessages(
                rooms[i % rooms.Length], speaker.Id, [.. random.GetItems(Texts, i % 5 == 0 ? 120 : random.Next(1, 10)).Select(Message)]);
            Assert.Equivalent(await ef.PostAsync(post), fast.Post(post), strict: true);
        }

        string[] stored = RawDatabase.Query(folder.Database, MessagesSql);
        Assert.Equal(RawDatabase.Query(Folder.Database, MessagesSql), stored);
        Assert.InRange(stored.Length, 500, 1_000);
        Assert.Equal(PostStatus.NotFound, fast.Post(new PostMessages("lobby", "nobody", [new NewMessage("hello")])).Status);
        db.ChangeTracker.Clear();
        (EfReader efReader, FastReader fastReader) = (new EfReader(db), new FastReader(db, Statements(db)));
        foreach (string room in rooms.Append("empty"))
        {
            long last = await efReader.LastSequenceAsync(room, Cancellation);
            Assert.Equal(last, fastReader.LastSequence(room));
            foreach ((long after, int count) in ((long, int)[])[(0, 1), (0, 1_000), (last / 2, 10), (last, 10), (last + 1, 10), (-1, 0)])
            {
                Assert.Equal(
                    await efReader.ReadRoomAsync(room, after, count, Cancellation), await fastReader.ReadRoomAsync(room, after, count, Cancellation));
            }
        }
    }

    // Every third has a request id, by its text: so some are repeats.
    private static NewMessage Message(string text) => new(
        text, Array.IndexOf(Texts, text) is int i && i % 3 == 0 ? $"0a000000-0000-4000-8000-{i:d12}" : null);

    [Fact]
    public async Task A_long_text_with_a_NUL_in_it_is_kept_whole()
    {
        string text = "before\0after" + new string('x', 2_000);
        User ada = await CreateAsync(text, "ada@example.org");

        await Store.Chat.PostAsync("lobby", ada.Id, text, Cancellation);

        Assert.Equal(text, (await Repository.FindAsync(ada.Id, Cancellation))!.Name);
        Assert.Equal(text, Assert.Single(await Store.Chat.ReadTableAsync("lobby", 0, 10, Cancellation)).Text);
    }

    private static List<User> RandomUsers(int count)
    {
        var random = new Random(5);
        List<User> users = [];
        for (int i = 0; i < count; i++)
        {
            string? requestId = random.Next(3) == 0 ? $"{new Guid(i, 0, 0, new byte[8])}" : null;
            users.Add(new User
            {
                Id = $"{new Guid(random.Next(), 0, 0, new byte[8])}",
                Name = Short(Texts[random.Next(Texts.Length)] + Texts[i % Texts.Length]),
                Email = string.Create(CultureInfo.InvariantCulture, $"{i}{Short(Texts[random.Next(Texts.Length)])}@example.org"),
                CreateTime = RandomTime(random),
                UpdateTime = RandomTime(random),
                Etag = i % 10 == 0 ? "" : $"{random.NextInt64():x16}",
                RequestId = requestId,
                RequestHash = requestId is null ? null : $"hash {i}",
            });
        }

        return users;
    }

    // EF's provider cuts a long text at its first NUL; A_long_text_with_a_NUL_in_it_is_kept_whole holds that we do not.
    private static string Short(string text) => text.Contains('\0') ? text[..Math.Min(text.Length, 100)] : text;

    // Also before 1970, elsewhere in the world, and between two microseconds.
    private static DateTimeOffset RandomTime(Random random) =>
        new(random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromHours(random.Next(-12, 13)));

    private static object? Content(User? user) =>
        user is null ? null : (user.Id, user.Name, user.Email, user.CreateTime, user.UpdateTime, user.Etag);

    private IEnumerable<string> Ids() => _users.Select(user => user.Id).Where((_, i) => i % 5 == 0)
        .Concat(["", "0", "zzz", "é", "\0", _users.Min(user => user.Id)!, _users.Max(user => user.Id)!, _users[1].Id[..10]]);

    private static PreparedStatements Statements(SqliteUsersContext db) => new((SqliteConnection)db.Database.GetDbConnection());

    /// <summary>The database with the users in it, as EF stores them.</summary>
    private SqliteUsersContext Fill(TestFolder? folder = null)
    {
        SqliteUsersContext db = Open(folder);
        db.AddRange(_users);
        db.SaveChanges();
        db.ChangeTracker.Clear();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }

    private SqliteUsersContext Open(TestFolder? folder = null)
    {
        SqliteUsersContext db = RawDatabase.Context((folder ?? Folder).Database);
        db.Database.OpenConnection();
        return db;
    }
}
