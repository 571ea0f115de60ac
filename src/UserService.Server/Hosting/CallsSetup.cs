using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Options;
using Users.Server.Calls;
using Users.Server.Chat;
using Users.Server.Settings;
using Users.Server.Users;

namespace Users.Server.Hosting;

internal static class CallsSetup
{
    public static void AddCalls(this WebApplicationBuilder builder)
    {
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<HealthRequestLimit>();
        });
        builder.Services.AddGrpcReflection();
        builder.Services.AddSingleton<ErrorInterceptor>();
        builder.Services.AddSingleton<HealthRequestLimit>();
        builder.Services.AddSingleton<DrainSignal>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DrainSignal>());
        // Without state of their own, so one of each serves all calls.
        builder.Services.AddSingleton<UserGrpcService>();
        builder.Services.AddSingleton<UserImport>();
        builder.Services.AddSingleton<Rooms>();
        builder.Services.AddSingleton<ChatSessions>();
        builder.Services.AddSingleton<Speakers>();
        builder.Services.AddOptions<GrpcServiceOptions>().Configure<IOptions<Limits>>(
            (grpc, limits) => grpc.MaxReceiveMessageSize = limits.Value.MaxMessageBytes);
        // The host's timeout runs from the signal on, so it holds the drain too.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<Limits>>(
            (host, limits) => host.ShutdownTimeout = DrainSignal.Longest(limits.Value) + limits.Value.ShutdownTimeout);
    }
}
