using System.Net.NetworkInformation;
using Users.EndToEnd.Tests.Support;
using Users.Tests.Support.PostgreSql;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>Two replicas, each on a port that its successor takes over.</summary>
internal sealed class ReplicaPair : IAsyncDisposable
{
    private readonly ServerProcess?[] _replicas = new ServerProcess?[2];
    private readonly PostgreSqlCluster _cluster;
    private readonly string _database;

    private readonly string[] _settings;

    private ReplicaPair(PostgreSqlCluster cluster, string database, string[] settings) =>
        (_cluster, _database, _settings) = (cluster, database, settings);

    public IReadOnlyList<int> Ports { get; } = [PostgreSqlCluster.FreePort(), PostgreSqlCluster.FreePort()];

    /// <summary>Both, as a client names them.</summary>
    public string Address => string.Join(',', Ports.Select(port => $"127.0.0.1:{port}"));

    public int Count => _replicas.Length;

    public static async Task<ReplicaPair> StartAsync(PostgreSqlCluster cluster, params string[] settings)
    {
        var pair = new ReplicaPair(cluster, cluster.Create(), settings);
        await Task.WhenAll(pair.StartAsync(0), pair.StartAsync(1));
        return pair;
    }

    /// <summary>How many connections a replica has.</summary>
    public int Connections(int index) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(connection => connection.LocalEndPoint.Port == Ports[index] && connection.State is TcpState.Established);

    /// <summary>Stops a replica as an operator does, and starts its successor.</summary>
    public async Task ReplaceAsync(int index)
    {
        Assert.Equal(0, await _replicas[index]!.StopAsync());
        await StartAgainAsync(index);
    }

    /// <summary>Kills a replica, and starts its successor.</summary>
    public async Task KillAsync(int index)
    {
        await _replicas[index]!.Process.KillAsync();
        await StartAgainAsync(index);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess? replica in _replicas)
        {
            await (replica?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task StartAgainAsync(int index)
    {
        ServerProcess ended = _replicas[index]!;
        _replicas[index] = null;
        await ended.DisposeAsync();
        await StartAsync(index);
    }

    private async Task StartAsync(int index) => _replicas[index] = await ServerProcess.Launch(
    [
        .. ReplicaKillTests.Settings(_cluster, _database),
        $"Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:{Ports[index]}",
        // As it is without a setting.
        "Limits__DrainWindow=00:00:02",
        .. _settings,
    ]).StartedAsync();
}
