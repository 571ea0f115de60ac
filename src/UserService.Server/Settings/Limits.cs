using System.ComponentModel.DataAnnotations;

namespace Users.Server.Settings;

/// <summary>
/// The section <c>Limits</c> of the settings. A value out of range ends the start with a sentence that names it. docs/operations.md
/// says what happens beyond each.
/// </summary>
internal sealed class Limits
{
    /// <summary>The largest message that the server takes, in bytes; a larger one is RESOURCE_EXHAUSTED.</summary>
    [Range(1024, 4 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Open connections on each endpoint. A further one is closed at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Concurrent calls on one HTTP/2 connection. A further one waits in the client, without an error.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerConnection { get; set; } = 1_000;

    /// <summary>How long a connection may be silent before the server asks whether its client is still there.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to answer that, before its connection is closed and its calls end CANCELLED.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a call's headers may take from their first byte to their last, before the connection is closed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be without a call, and a new one without its first words, before it is closed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ConnectionIdle { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>After how long a connection is asked to go, with a tenth more or less; 0: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxConnectionAge { get; set; }

    /// <summary>How long CreateUsers waits for the next message, and ChatUsers for its first, before STREAM_IDLE.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StreamIdle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest name of a room, in code points; a longer one is INVALID_FIELDS. It rides in errors, so it is short.</summary>
    [Range(1, 200)]
    public int MaxRoomLength { get; set; } = 100;

    /// <summary>The longest text of a chat message, in code points; a longer one is INVALID_FIELDS.</summary>
    [Range(1, 100_000)]
    public int MaxTextLength { get; set; } = 4_000;

    /// <summary>The failures that the answer of CreateUsers lists, of the many that it counts.</summary>
    [Range(0, 100)]
    public int MaxListedFailures { get; set; } = 20;

    /// <summary>The latest messages that a room with a listener keeps in memory; older ones are read from the database.</summary>
    [Range(1, 100_000)]
    public int RoomTail { get; set; } = 256;

    /// <summary>Writes that wait for the database at most; one more is answered STORE_BUSY at once.</summary>
    [Range(1, 1_000_000)]
    public int WriteQueueLength { get; set; } = 10_000;

    /// <summary>Writes that share a commit, and so a sync of the disk, at most; 1 gives each its own.</summary>
    [Range(1, 100_000)]
    public int MaxCommit { get; set; } = 1_000;

    /// <summary>How long a statement waits for a lock that another process holds on the database, before STORE_BUSY.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StoreBusy { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest size of the database, in megabytes, after which writes are STORE_FULL; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int MaxStoreMegabytes { get; set; }

    /// <summary>
    /// How much of the database readers see in place instead of copying each page, in megabytes. It counts as resident memory; on a
    /// machine with memory to spare make it as large as the file.
    /// </summary>
    [Range(0, 1_000_000)]
    public int StoreMapMegabytes { get; set; }

    /// <summary>How long a server that shuts down still accepts connections, and answers that it does.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an open stream may take to end, at shutdown or when its token expires; one whose reader is stalled is then reset. At shutdown
    /// a list goes on for half of it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StreamGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running calls may take to finish after both, before they are cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
