using Grpc.Net.Client;
using Users.Cli.Commands;
using Users.Cli.Connection;
using Users.Cli.Output;
using Users.Client.Connection;
using Users.Client.Tests.Support;

namespace Users.Cli.Tests.Support;

/// <summary>What a command works with, in a time of its own: nobody waits, and every wait is the longest that could be drawn.</summary>
internal sealed class TestSession : IDisposable
{
    private readonly GrpcChannel _channel;

    public TestSession(Uri address, TokenSource? token = null)
    {
        _channel = UsersChannel.Open(address, token: token?.ToCredentials());
        var target = new Target(address, TimeSpan.FromSeconds(30), UsersChannel.DefaultKeepAlive) { Token = token };
        Session = new ServiceAction.Session(
            _channel.CreateClient(target.Deadline),
            target,
            Recording.Screen,
            new Report(Recording.Screen, isJson: false),
            new Resumption(Time, new Drawn(1), token));
    }

    public ManualTime Time { get; } = new();

    public RecordingScreen Recording { get; } = new();

    public ServiceAction.Session Session { get; }

    public void Dispose() => _channel.Dispose();
}
