namespace Users.Data;

/// <summary>The users that open streams speak as, so that a deletion ends those streams.</summary>
internal sealed class UserWatches
{
    private readonly Dictionary<string, (CancellationTokenSource Deleted, int Count)> _watched = [];

    public string[] Ids
    {
        get
        {
            lock (_watched)
            {
                return [.. _watched.Keys];
            }
        }
    }

    public UserWatch Enter(string id)
    {
        lock (_watched)
        {
            (CancellationTokenSource deleted, int count) = _watched.GetValueOrDefault(id, (new CancellationTokenSource(), 0));
            _watched[id] = (deleted, count + 1);
            return new UserWatch(this, id, deleted);
        }
    }

    /// <summary>Raises the tokens of those that watch this user, from the thread pool: the writer's thread runs none of their code.</summary>
    public void Deleted(string id)
    {
        lock (_watched)
        {
            if (_watched.Remove(id, out (CancellationTokenSource Deleted, int Count) watched))
            {
                _ = watched.Deleted.CancelAsync();
            }
        }
    }

    public void Leave(UserWatch watch)
    {
        lock (_watched)
        {
            // Else the user is deleted.
            if (_watched.TryGetValue(watch.Id, out (CancellationTokenSource Deleted, int Count) watched) && watched.Deleted == watch.Source)
            {
                _watched[watch.Id] = watched with { Count = watched.Count - 1 };
                if (watched.Count == 1)
                {
                    _watched.Remove(watch.Id);
                }
            }
        }
    }
}

/// <summary>Watches a user until it is disposed.</summary>
public sealed class UserWatch : IDisposable
{
    private readonly UserWatches _all;
    private bool _left;

    internal UserWatch(UserWatches all, string id, CancellationTokenSource source) => (_all, Id, Source) = (all, id, source);

    /// <summary>Raised once the commit that deletes the user is on disk.</summary>
    public CancellationToken Deleted => Source.Token;

    internal string Id { get; }

    internal CancellationTokenSource Source { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_left)
        {
            _left = true;
            _all.Leave(this);
        }
    }
}
