using Microsoft.Data.Sqlite;

namespace Users.Server.Tests.Support;

/// <summary>Another program that holds the database: until it is disposed, the server's writer waits for it.</summary>
internal sealed class HeldDatabase : IDisposable
{
    private readonly Task _waiting;
    private readonly SqliteConnection _connection;

    public HeldDatabase(RunningServer server)
    {
        _waiting = server.Log.WaitForNextAsync(line => line.Text.StartsWith("Beginning transaction", StringComparison.Ordinal));
        _connection = new SqliteConnection($"Data Source={server.DatabaseFile};Pooling=False");
        _connection.Open();
        using SqliteCommand begin = _connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
    }

    /// <summary>Completes once the writer has taken something from its queue and waits for the database.</summary>
    public Task WaitForWriterAsync() => _waiting;

    public void Dispose() => _connection.Dispose();
}
