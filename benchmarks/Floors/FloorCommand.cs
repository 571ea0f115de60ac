using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Users.Benchmarks.Floors;

/// <summary>The floor of the server: Kestrel and gRPC, with nothing before the service and nothing behind it; its health tells when it started.</summary>
internal sealed class FloorCommand : Command
{
    private readonly Option<int> _port = new("--port") { Description = "Where to listen on 127.0.0.1; 0 = where the system picks." };
    private readonly Option<int> _users = new("--users") { DefaultValueFactory = _ => 100_000 };

    public FloorCommand()
        : base("floor", "A server of the contract that answers from memory and stores nothing.")
    {
        Hidden = true;
        Options.Add(_port);
        Options.Add(_users);
        SetAction((parsed, token) => RunAsync(parsed.GetValue(_port), parsed.GetValue(_users), token));
    }

    private static async Task RunAsync(int port, int users, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks().AddCheck("floor", () => HealthCheckResult.Healthy());
        builder.Services.AddSingleton(new FloorUsers(users));
        builder.Services.AddSingleton<FloorUserService>();
        await using WebApplication app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<FloorUserService>();
        app.MapGrpcHealthChecksService();
        await app.StartAsync(cancellationToken);
        Console.WriteLine($"{FloorPrograms.Listening} {app.Urls.Single()}");
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
