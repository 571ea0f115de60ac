using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Client.Tests.Balancing;

/// <summary>A scripted server that answers each GetUser with its own name, and tells its health to those who watch it.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly Channel<HealthCheckResponse?> _health = Channel.CreateUnbounded<HealthCheckResponse?>();
    private readonly string _name;
    private readonly bool _tellsHealth;
    private ScriptedServer _server = null!;

    private Replica(string name, bool tellsHealth) => (_name, _tellsHealth) = (name, tellsHealth);

    public Uri Address => _server.Address;

    public IReadOnlyList<ReceivedCall> Calls => _server.Calls;

    public int Watches => _server.AttemptsAt("Watch");

    public static async Task<Replica> StartAsync(string name, bool tellsHealth = true, X509Certificate2? certificate = null)
    {
        var replica = new Replica(name, tellsHealth);
        replica._server = await ScriptedServer.StartAsync(replica.Answer, certificate: certificate);
        return replica;
    }

    public void Say(HealthCheckResponse.Types.ServingStatus status) => Assert.True(_health.Writer.TryWrite(new() { Status = status }));

    public void EndWatch() => Assert.True(_health.Writer.TryWrite(null));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Answer Answer(ReceivedCall call) => call.Method switch
    {
        "Watch" when _tellsHealth => Support.Answer.Talk(TellHealthAsync),
        "Watch" => Support.Answer.Failure(StatusCode.Unimplemented),
        _ => Support.Answer.Ok(new User { Name = _name }),
    };

    private async Task TellHealthAsync(Conversation watch)
    {
        while (await _health.Reader.ReadAsync(TestContext.Current.CancellationToken) is { } answer)
        {
            await watch.SayAsync(answer);
        }
    }
}
