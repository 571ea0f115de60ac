using System.Net.Sockets;
using System.Text;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>The server under a service manager that waits for its word, as docs/deployment.md's unit says.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_service_manager_is_told_when_the_server_serves_and_when_it_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no systemd here.");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(_folder.File("notify")));

        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, $"NOTIFY_SOCKET={_folder.File("notify")}");
        string started = await ReceiveAsync(manager);
        await server.Client.AddUserAsync("Ada");
        server.Process.Signal(ChildProcess.SigTerm);

        Assert.Equal("READY=1", started);
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
        Assert.Equal(0, await server.Process.EndAsync());
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[100];
        int length = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(ChildProcess.Patience);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
