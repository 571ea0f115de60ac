using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>
/// Wakes the rooms that have subscribers here when another replica has appended to them, by its notification, and by a slow poll as the net: so
/// a notification that is lost delays a message and loses none. The poll also finds the speakers that another replica has deleted.
/// </summary>
internal sealed partial class RoomListener : IDisposable
{
    private static readonly TimeSpan UsualPoll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DeafPoll = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChatLog _chat;
    private readonly UserRepository _users;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loops;
    private volatile bool _listens;
    private volatile bool _isTold;

    public RoomListener(NpgsqlDataSource source, StoreStart start, ChatLog chat, UserRepository users)
    {
        _source = source;
        _time = start.Time;
        _logger = start.Logging.CreateLogger<RoomListener>();
        _chat = chat;
        _users = users;
        _loops = Task.WhenAll(Task.Run(() => AgainAsync(ListenAsync)), Task.Run(() => AgainAsync(PollAsync)));
    }

    public void Dispose()
    {
        // Not disposed, since a store may be disposed twice; it holds nothing.
        _stop.Cancel();
        _loops.Wait();
    }

    private async Task AgainAsync(Func<CancellationToken, Task> runAsync)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await runAsync(_stop.Token);
            }
            catch (Exception error)
            {
                if (!_stop.IsCancellationRequested)
                {
                    if (!_isTold)
                    {
                        _isTold = true;
                        Log.Deaf(_logger, error);
                    }

                    await Task.Delay(DeafPoll, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(stop);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await using (NpgsqlCommand listen = connection.CreateCommand())
        {
            listen.CommandText = $"LISTEN {RoomNotifier.Channel}";
            await listen.ExecuteNonQueryAsync(stop);
        }

        try
        {
            // What was notified before it listened.
            await LookAsync(stop);
            (_listens, _isTold) = (true, false);
            while (true)
            {
                await connection.WaitAsync(stop);
            }
        }
        finally
        {
            _listens = false;
        }
    }

    private async Task PollAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(_listens ? UsualPoll : DeafPoll, _time, stop);
            await LookAsync(stop);
        }
    }

    private void Hear(string payload)
    {
        int space = payload.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && long.TryParse(payload.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out long last))
        {
            _chat.Reached(payload[(space + 1)..], last);
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        (string[] rooms, string[] speakers) = (_chat.Followed, _users.Watched);
        if (rooms.Length + speakers.Length == 0)
        {
            return;
        }

        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(stop);
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(Statements.Command("SELECT name, last FROM rooms WHERE name = ANY ($1)", (object)rooms));
        batch.BatchCommands.Add(Statements.Command("SELECT speaker FROM unnest($1) AS speaker WHERE speaker NOT IN (SELECT id FROM users WHERE id = ANY ($1))", (object)speakers));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            _chat.Reached(reader.GetString(0), reader.GetInt64(1));
        }

        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            _users.IsDeleted(reader.GetString(0));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database does not wake this replica's rooms; a poll does, once a second")]
        public static partial void Deaf(ILogger logger, Exception error);
    }
}
