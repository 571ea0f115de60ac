using Microsoft.Data.Sqlite;

namespace Users.Server.Tests.Support;

/// <summary>Another program that holds the database: until it is disposed, the server's writer waits for it.</summary>
internal sealed class HeldDatabase : IDisposable
{
    private readonly RunningServer _server;
    private readonly HashSet<LogLine> _earlier;
    private readonly SqliteConnection _connection;

    public HeldDatabase(RunningServer server)
    {
        _server = server;
        _earlier = [.. server.Log.Lines];
        _connection = new SqliteConnection($"Data Source={server.DatabaseFile};Pooling=False");
        _connection.Open();
        using SqliteCommand begin = _connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
    }

    /// <summary>Completes once the writer has taken something from its queue and waits for the database.</summary>
    public Task WaitForWriterAsync() => _server.Log.WaitForAsync(line =>
        line.Text.StartsWith("Beginning transaction", StringComparison.Ordinal) && !_earlier.Contains(line));

    public void Dispose() => _connection.Dispose();
}
