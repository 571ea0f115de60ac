namespace Users.Data;

/// <summary>A database that the store runs on: opens connections to it, and knows its errors.</summary>
internal interface IStoreEngine : IDisposable
{
    /// <summary>Its name in the semantic conventions of OpenTelemetry.</summary>
    string System { get; }

    /// <summary>Where the database is, for the log.</summary>
    string Place { get; }

    /// <summary>Whether the database waits for its first users.</summary>
    bool IsNew { get; }

    /// <summary>The largest id that a user had when the engine was opened, or null: new ones are greater.</summary>
    string? LargestUserId { get; }

    /// <summary>How many migrations were run when it was opened.</summary>
    int Migrations { get; }

    /// <summary>Why nothing may be written: the database is damaged, or not the one that was opened; null: it may.</summary>
    Exception? Fault { get; }

    IStoreReader OpenReader();

    IWriteEngine OpenWriter(NewRows rows);

    /// <summary>
    /// Tells the rooms what other processes append, and the users whom they delete, until it is disposed; null: no other process writes.
    /// </summary>
    IDisposable? Follow(ChatLog chat, UserRepository users);

    /// <summary>The exception for the caller of a read or write; an error that is this program's own fault stays as it is.</summary>
    Exception ForCaller(Exception error);
}
