using System.Net.Sockets;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>A low limit of open files: the server holds fewer connections, or says that it cannot run.</summary>
public sealed class FileHandleTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Under_a_low_limit_of_open_files_the_server_takes_fewer_connections_and_lives()
    {
        SkipElsewhere();
        await using ServerProcess server = await Launch(1_024).StartedAsync();
        string warning = await server.Process.Output.FirstAsync("files and connections open");
        Assert.Contains("may have 1024 files and connections open, so each endpoint takes 256 connections, not 1000:", warning);
        await server.Client.AddUserAsync("Ada");
        var connections = new List<TcpClient>();

        foreach (var address in ((string[])[server.Address, server.HttpAddress]).Select(address => new Uri(address)))
        {
            // All at once, so that many are accepted before the first of those that are refused is closed.
            TcpClient[] flood = [.. Enumerable.Range(0, 2_000).Select(_ => new TcpClient())];
            connections.AddRange(flood);
            await Task.WhenAll(flood.Select(connection => connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken).AsTask()));
        }

        Assert.Equal("Eve", (await server.Client.AddUserAsync("Eve")).Name);
        connections.ForEach(connection => connection.Dispose());
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Too_low_a_limit_of_open_files_ends_the_start()
    {
        SkipElsewhere();
        await using ServerProcess server = Launch(511);

        Assert.Equal(1, await server.Process.EndAsync());
        Assert.Equal(
            "UserService.Server cannot start: This process may have 511 files and connections open, and needs 512: "
            + "raise the limit (LimitNOFILE= in systemd, ulimit -n in a shell).",
            Assert.Single(server.Process.Error.All));
    }

    private static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is read where Linux shows it.");

    private ServerProcess Launch(int limit) => ServerProcess.Launch(
        [$"ConnectionStrings__Users=Data Source={_folder.Database}"],
        tracer: ["sh", "-c", $"ulimit -n {limit}; exec \"$@\"", "sh"]);
}
