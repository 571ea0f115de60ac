using Users.Data.Sqlite;

namespace Users.Data;

/// <summary>How a <see cref="UserStore"/> is opened.</summary>
public sealed class UserStoreOptions
{
    /// <summary>
    /// A SQLite connection string that names a file, such as <c>Data Source=users.db</c>. A relative path starts at the
    /// <see cref="BaseDirectory"/>. Cache, Pooling, Foreign Keys and Default Timeout belong to the store, which overrides them.
    /// </summary>
    public string ConnectionString { get; set; } = "Data Source=users.db";

    /// <summary>Where a relative path starts; empty: at the current directory.</summary>
    public string BaseDirectory { get; set; } = "";

    /// <summary>How long a statement waits for a lock that another program holds, before <see cref="StoreBusyException"/>.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many writes may wait for the writer; one more fails at once with <see cref="StoreBusyException"/>.</summary>
    public int WriteQueueLength { get; set; } = 10_000;

    /// <summary>How many writes may share a commit, and so a sync of the disk; 1 = each has its own.</summary>
    public int MaxCommit { get; set; } = 1_000;

    /// <summary>How far the file may grow, in MiB, before writes fail with <see cref="StoreFullException"/>; 0 = without limit.</summary>
    public long MaxSizeMegabytes { get; set; }

    /// <summary>
    /// How much of the file, in MiB, readers look at in place instead of copying each page. It counts as resident memory, which the
    /// system takes back when it needs it; 0 = nothing.
    /// </summary>
    public long MapMegabytes { get; set; }

    /// <summary>How many of its latest messages each room with a subscriber keeps in memory.</summary>
    public int RoomTailLength { get; set; } = 256;

    /// <summary>Whether a message is stored only while its speaker is a user; the commit itself looks.</summary>
    public bool SpeakersAreUsers { get; set; } = true;

    /// <summary>Opens the database.</summary>
    internal Func<StoreStart, IStoreEngine> Engine { get; set; } = SqliteEngine.Open;

    internal SqliteAccess Access { get; set; } = SqliteAccess.EfCore;
}
