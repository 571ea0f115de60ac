using System.Net.Security;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Guards;

/// <summary>Renewed certificates, in each way that they come, and other changes of the settings, which are not taken up.</summary>
public sealed class CertificateRotationTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("server.pem", "server.key")]
    [InlineData("server.key", "server.pem")]
    public async Task A_pair_whose_second_file_comes_later_is_taken_up_with_it(string first, string second)
    {
        await using RunningServer server = await RunningServer.StartAsync(_time, _authority.Settings);
        string old = await SerialAsync(server);
        (string certificate, string key, string serial) = _authority.IssueForServer();
        string ContentOf(string file) => file == "server.pem" ? certificate : key;

        await File.WriteAllTextAsync(_authority.PathOf(first), ContentOf(first), Token);
        await TickUntilAsync(server, line => line.Level == LogLevel.Warning && line.Text.Contains("do not fit", StringComparison.Ordinal));
        Assert.Equal(old, await SerialAsync(server));

        await File.WriteAllTextAsync(_authority.PathOf(second), ContentOf(second), Token);
        await TickUntilAsync(server, line => line.Text.StartsWith("Grpc has a new certificate", StringComparison.Ordinal));
        Assert.Equal(serial, await SerialAsync(server));
    }

    // As Kubernetes mounts a secret: the files are links through ..data, which is swapped for another folder.
    [Fact]
    public async Task A_symbolic_link_that_is_swapped_is_noticed_and_open_streams_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need a right there.");
        string[] settings = _authority.Settings;
        Move("first");
        foreach (string file in (string[])["server.pem", "server.key"])
        {
            File.CreateSymbolicLink(_authority.PathOf(file), Path.Combine("..data", file));
        }

        Directory.CreateSymbolicLink(_authority.PathOf("..data"), "first");
        await using RunningServer server = await RunningServer.StartAsync(_time, settings);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = new UserService.UserServiceClient(Connect(server)).ChatUsers(cancellationToken: Token);
        string ada = (await server.Store.Users.CreateAsync(new("Ada", "ada@example.org"), Token)).User!.Id;
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = ada, Message = "before" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));

        (string certificate, string key, string serial) = _authority.IssueForServer();
        Directory.CreateDirectory(_authority.PathOf("second"));
        await File.WriteAllTextAsync(_authority.PathOf("second/server.pem"), certificate, Token);
        await File.WriteAllTextAsync(_authority.PathOf("second/server.key"), key, Token);
        Directory.Delete(_authority.PathOf("..data"));
        Directory.CreateSymbolicLink(_authority.PathOf("..data"), "second");
        await TickUntilAsync(server, line => line.Text.StartsWith("Grpc has a new certificate", StringComparison.Ordinal));

        Assert.Equal(serial, await SerialAsync(server));
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = ada, Message = "after" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal("after", chat.ResponseStream.Current.Message);
    }

    [Fact]
    public async Task An_endpoint_that_is_added_to_the_settings_of_a_running_server_is_not_served()
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.Settings);
        var settings = (IConfigurationRoot)server.Get<IConfiguration>();
        string[] before = server.ListensOn;

        settings["Kestrel:Endpoints:Extra:Url"] = "http://127.0.0.1:0";
        settings.Reload();
        // The reload's own work, if there were any, comes before this.
        await SerialAsync(server);

        Assert.Equal(before, server.ListensOn);
        Assert.Equal(2, before.Length);
    }

    private void Move(string folder)
    {
        Directory.CreateDirectory(_authority.PathOf(folder));
        foreach (string file in (string[])["server.pem", "server.key"])
        {
            File.Move(_authority.PathOf(file), Path.Combine(_authority.PathOf(folder), file));
        }
    }

    private async Task TickUntilAsync(RunningServer server, Predicate<LogLine> isIt)
    {
        Task<LogLine> line = server.Log.WaitForNextAsync(isIt);
        while (!line.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        await line;
    }

    private async Task<string> SerialAsync(RunningServer server)
    {
        await using SslStream tls = await _authority.ConnectAsync(server.Address);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    private GrpcChannel Connect(RunningServer server) => server.Connect(new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { SslOptions = _authority.ClientOptions() },
        DisposeHttpClient = true,
    });
}
