namespace Users.Data;

/// <summary>A database that the store runs on: opens connections to it, and knows its errors.</summary>
internal interface IStoreEngine : IDisposable
{
    IStoreReader OpenReader();

    IWriteEngine OpenWriter(NewRows rows);

    /// <summary>Why nothing may be written: the database is damaged, or not the one that was opened; null: it may.</summary>
    Exception? Fault { get; }

    /// <summary>The exception for the caller of a read or write; an error that is this program's own fault stays as it is.</summary>
    Exception ForCaller(Exception error);
}
