using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>
/// The users and rooms in one SQLite file, which this process alone holds until the store is disposed.
/// Disposing finishes the writes that wait.
/// </summary>
public sealed class UserStore : IDisposable, IAsyncDisposable
{
    /// <summary>Locks the file, creates it or brings it up to date, and starts the writer.</summary>
    /// <exception cref="UserStoreException">The file cannot be used; the message says why.</exception>
    public static UserStore Open(UserStoreOptions options, TimeProvider time, ILoggerFactory logging) => throw new NotSupportedException();

    /// <summary>The database file, as a full path without links.</summary>
    public string Path => throw new NotSupportedException();

    /// <summary>Whether this call of <see cref="Open"/> created the database.</summary>
    public bool IsNew => throw new NotSupportedException();

    /// <summary>The users.</summary>
    public UserRepository Users => throw new NotSupportedException();

    /// <summary>The rooms.</summary>
    public ChatLog Chat => throw new NotSupportedException();

    /// <summary>Reads something small, and throws when that fails: for a health check.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
