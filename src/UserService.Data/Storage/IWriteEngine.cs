namespace Users.Data;

/// <summary>The seam for writes: a commit, on the one connection that writes.</summary>
internal interface IWriteEngine : IDisposable
{
    /// <summary>
    /// Runs items in one transaction, in their order, and gives each its outcome. An item begins, and can no longer be cancelled, when it
    /// is taken from <paramref name="items"/>: so what is queued while an engine runs one item after another still joins. An engine that
    /// sends all of them at once takes all of them first.
    /// </summary>
    /// <returns>
    /// Null: all of it is on disk. Otherwise what an item failed with: nothing is written, and each item may be run again by itself.
    /// </returns>
    /// <exception cref="Exception">The transaction itself could not begin, or end: no item is run again.</exception>
    ValueTask<Exception?> CommitAsync(IEnumerable<WriteItem> items);
}
