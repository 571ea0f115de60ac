using Users.Server.Calls;
using Users.Server.Hosting;
using Users.Server.Users;

namespace Users.Server;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var signals = new SecondSignal();
        return await StartFailure.GuardAsync(() => Build(args).RunAsync());
    }

    /// <summary>The whole server: what it is made of, and a call's way through it.</summary>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Settings are found beside the dll, so the server starts identically from any directory.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

        builder.AddStartFailure();
        builder.AddLimits();
        builder.AddEndpoints();
        builder.AddUserStore();
        builder.AddGrpcCalls();
        builder.Services.AddGrpcReflection();
        builder.AddProbes();
        configure?.Invoke(builder);

        WebApplication app = builder.Build();

        app.UseMiddleware<CallLog>();
        app.UseMiddleware<Drain>();
        app.MapGrpcService<UserGrpcService>();
        app.MapGrpcReflectionService();
        app.MapProbes();

        return app;
    }
}
