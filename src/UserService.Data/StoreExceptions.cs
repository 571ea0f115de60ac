namespace Users.Data;

/// <summary>The store cannot be opened. The message is one sentence for the operator: what is wrong.</summary>
public sealed class UserStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The write queue is full, another program held the database past <see cref="UserStoreOptions.BusyTimeout"/>, or the database does not
/// answer. The same call may succeed later.
/// </summary>
public sealed class StoreBusyException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether a write may have been committed all the same: the connection broke before the answer. Otherwise nothing was written.</summary>
    public bool MayBeWritten { get; init; }
}

/// <summary>The disk, or the file's <see cref="UserStoreOptions.MaxSizeMegabytes"/>, is exhausted. Nothing was written.</summary>
public sealed class StoreFullException(string message, Exception? inner = null) : Exception(message, inner);
