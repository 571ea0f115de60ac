using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

/// <summary>The real server engine on a real socket. A test sets what it wants to differ from a plain echo.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private WebApplication? _app;

    public UnaryServerMethod<Note, Note> Unary { get; init; } = (note, _) => Task.FromResult(note);

    public Action<GrpcServiceOptions> Options { get; init; } = _ => { };

    public Action<ListenOptions> Listen { get; init; } = _ => { };

    public Action<IServiceCollection> AddServices { get; init; } = _ => { };

    /// <summary>Maps what is served beside the echo service.</summary>
    public Action<WebApplication> Map { get; init; } = _ => { };

    public IServiceProvider Services => _app!.Services;

    public Uri Address => new(_app!.Urls.Single());

    public async Task<EchoServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            Listen(listen);
        }));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(Options);
        builder.Services.AddSingleton(Unary);
        AddServices(builder.Services);
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<EchoGrpcService>();
        Map(_app);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public Task StopAsync() => _app!.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
