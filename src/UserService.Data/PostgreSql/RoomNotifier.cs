using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>
/// Tells the other replicas which rooms have grown: the first at once, and then at most once in 10 ms for all rooms together, since a commit
/// that notifies takes a lock of the whole cluster. A notification that is lost delays messages until the next poll.
/// </summary>
internal sealed partial class RoomNotifier : IDisposable
{
    /// <summary>The channel; a payload is a room's last sequence, a space, and its name.</summary>
    public const string Channel = "rooms";

    // PostgreSQL refuses 8 000 bytes; no room that this service takes is so long.
    private const int MaxPayload = 2_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _raised = new(0, 1);
    private readonly Task _loop;
    private Dictionary<string, long> _lasts = [];

    public RoomNotifier(NpgsqlDataSource source, StoreStart start)
    {
        _source = source;
        _time = start.Time;
        _logger = start.Logging.CreateLogger<RoomNotifier>();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Called after the commit, with what a post added.</summary>
    public void Raised(Posted posted)
    {
        if (posted.Added is not [.., ChatEntry last])
        {
            return;
        }

        lock (_lock)
        {
            _lasts[last.Room] = last.Sequence;
            if (_lasts.Count == 1 && _raised.CurrentCount == 0)
            {
                _raised.Release();
            }
        }
    }

    public void Dispose()
    {
        // Neither is disposed, since a store may be disposed twice; they hold nothing.
        _stop.Cancel();
        _loop.Wait();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _raised.WaitAsync(_stop.Token);
                await NotifyAsync(Take());
                await Task.Delay(Pause, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private Dictionary<string, long> Take()
    {
        lock (_lock)
        {
            Dictionary<string, long> lasts = _lasts;
            _lasts = [];
            return lasts;
        }
    }

    private async Task NotifyAsync(Dictionary<string, long> lasts)
    {
        string[] payloads = [.. lasts.Where(room => room.Key.Length < MaxPayload).Select(room => string.Create(CultureInfo.InvariantCulture, $"{room.Value} {room.Key}"))];
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(_stop.Token);
            await using NpgsqlBatch batch = connection.CreateBatch();
            // A notification takes a transaction id, and so a sync of the log, which it has no need of.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_notify($1, payload) FROM unnest($2) AS payload")
            {
                Parameters = { new NpgsqlParameter { Value = Channel }, new NpgsqlParameter { Value = payloads } },
            });
            await batch.ExecuteNonQueryAsync(_stop.Token);
        }
        catch (Exception error) when (!_stop.IsCancellationRequested)
        {
            Log.Failed(_logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "A notification failed; the poll makes up for it")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
