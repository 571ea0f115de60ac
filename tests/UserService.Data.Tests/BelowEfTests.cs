using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Users.Data.Tests;

/// <summary>What goes below EF Core, in the interest of speed, reads and stores what EF would.</summary>
public sealed class BelowEfTests : StoreTests
{
    private const string UsersSql = """
        SELECT typeof(id) || hex(id) || ' ' || typeof(name) || hex(name) || ' ' || typeof(email) || hex(email) || ' '
            || typeof(create_time) || create_time || ' ' || typeof(update_time) || update_time || ' ' || typeof(etag) || hex(etag) || ' '
            || typeof(request_id) || hex(request_id) || ' ' || typeof(request_hash) || hex(request_hash)
        FROM users ORDER BY id
        """;

    private const string MessagesSql = """
        SELECT typeof(room) || hex(room) || ' ' || typeof(sequence) || sequence || ' ' || typeof(user_id) || hex(user_id) || ' '
            || typeof(text) || hex(text) || ' ' || typeof(time) || time
        FROM chat_messages ORDER BY room, sequence
        """;

    private static readonly string[] Texts =
    [
        "", "Ada", "O'Neil", "\"quoted\" \\ back", "é 名前", "👩‍🚀 🙂 𝒜", "before\0after", "\0", " spaces ", "12", "0x1F", "null", "%_",
        "line\r\nbreak", "\ufeffmark", "e\u0301", new('a', 84), new('a', 85), new('名', 1_000), string.Concat(Enumerable.Repeat("🙂", 2_000)),
    ];

    private readonly List<User> _users = RandomUsers(310);

    [Fact]
    public void Users_are_found_as_EF_finds_them()
    {
        using UsersContext db = Fill();

        foreach (string id in Ids())
        {
            Assert.Equal(Content(db.Users.SingleOrDefault(user => user.Id == id)), Content(UserRead.Find(db, id)));
        }
    }

    [Fact]
    public void Users_are_found_by_their_request_ids_as_EF_finds_them()
    {
        using UsersContext db = Fill();

        foreach (string? id in _users.Select(user => user.RequestId).Append("").Append("nothing").Where(id => id is not null))
        {
            User? user = db.Users.SingleOrDefault(user => user.RequestId == id);
            (User User, string Hash)? found = UserRead.FindByRequestId(db, id!);
            Assert.Equal((Content(user), user?.RequestHash), (Content(found?.User), found?.Hash));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void Pages_are_read_as_EF_reads_them(int count)
    {
        using UsersContext db = Fill();

        foreach (string after in Ids())
        {
            Assert.Equal(
                db.Users.Where(user => string.Compare(user.Id, after) > 0).OrderBy(user => user.Id).Take(count).AsEnumerable().Select(Content),
                UserRead.PageAfter(db, after, count).Select(Content));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Users_are_stored_as_EF_stores_them(bool many)
    {
        using TestFolder folder = TestFolder.WithDatabase();
        using (UsersContext db = RawDatabase.Context(folder.Database))
        {
            db.Database.OpenConnection();
            Assert.All(many ? UserInsert.RunMany(db, [.. _users]) : _users.Select(user => UserInsert.Run(db, user)), Assert.True);
        }

        Fill().Dispose();

        string[] stored = RawDatabase.Query(folder.Database, UsersSql);
        Assert.Equal(RawDatabase.Query(Folder.Database, UsersSql), stored);
        Assert.Equal(_users.Count, stored.Length);
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
        using UsersContext db = Open();
        Assert.True(UserInsert.Run(db, With("1", "ada@example.org", "a")));
        Assert.True(UserInsert.Run(db, With("3", "àda@example.org", null)));
        User user = With(id, email, requestId);

        Assert.Equal(isStored, UserInsert.Run(db, user));
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
    public void Messages_are_stored_as_EF_stores_them()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        User speaker = _users[0];
        using UsersContext below = RawDatabase.Context(folder.Database);
        below.Database.OpenConnection();
        Assert.True(UserInsert.Run(below, speaker));
        using UsersContext db = Open();
        var random = new Random(7);
        string[] rooms = ["lobby", "", "名前 🙂", "a\0b"];
        Dictionary<string, long> ends = rooms.ToDictionary(room => room, _ => 0L);

        for (int post = 0; post < 20; post++)
        {
            string room = rooms[post % rooms.Length];
            DateTimeOffset time = RandomTime(random);
            ChatEntry[] entries = ChatInsert.Run(below, room, speaker.Id, [.. random.GetItems(Texts, post % 5 == 0 ? 120 : random.Next(1, 10))], time)!;
            Assert.Equal(Enumerable.Range(1, entries.Length).Select(i => ends[room] + i), entries.Select(entry => entry.Sequence));
            ends[room] += entries.Length;
            db.AddRange(entries);
        }

        db.SaveChanges();
        string[] stored = RawDatabase.Query(folder.Database, MessagesSql);
        Assert.Equal(RawDatabase.Query(Folder.Database, MessagesSql), stored);
        Assert.Equal(ends.Values.Sum(), stored.Length);
        Assert.Null(ChatInsert.Run(below, "lobby", "nobody", ["hello"], RandomTime(random)));
        Assert.Equal(stored.Length, RawDatabase.Query(folder.Database, MessagesSql).Length);
    }

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

    /// <summary>The database with the users in it, as EF stores them.</summary>
    private UsersContext Fill()
    {
        UsersContext db = Open();
        db.AddRange(_users);
        db.SaveChanges();
        db.ChangeTracker.Clear();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }

    private UsersContext Open()
    {
        UsersContext db = RawDatabase.Context(Folder.Database);
        db.Database.OpenConnection();
        return db;
    }
}
