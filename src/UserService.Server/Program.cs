using Users.Server.Calls;
using Users.Server.Guards;
using Users.Server.Hosting;
using Users.Server.Telemetry;
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
        builder.AddSettings<Limits>("Limits");
        builder.AddEndpoints();
        Security security = builder.AddSecurity();
        builder.AddRateLimits();
        builder.AddUserStore();
        builder.AddGrpcCalls();
        builder.Services.AddGrpcReflection();
        builder.AddProbes();
        builder.AddTelemetry();
        configure?.Invoke(builder);

        WebApplication app = builder.Build();

        app.UseMiddleware<CallTelemetry>();
        app.UseMiddleware<CallLog>();
        app.UseMiddleware<DeadlineReset>();
        app.UseMiddleware<Drain>();
        app.UseMiddleware<CleartextGuard>();
        if (security.RequireTokens)
        {
            app.UseAuthentication();
        }

        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<TokenExpiry>();

        RouteGroupBuilder routes = app.MapGroup("").RequirePermissions();
        routes.MapGrpcService<UserGrpcService>();
        routes.MapGrpcReflectionService();
        routes.MapProbes();

        return app;
    }
}
