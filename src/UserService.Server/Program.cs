using Users.Server.Calls;
using Users.Server.Chat;
using Users.Server.Guards;
using Users.Server.Hosting;
using Users.Server.Settings;
using Users.Server.Telemetry;
using Users.Server.Users;
using Users.Server.WarmUp;

namespace Users.Server;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var signals = new Signals();
        return await ServerRun.ToEndAsync(() => Build(args), () => signals.Any, Console.Error);
    }

    /// <summary>The whole server: what it is made of, and a call's way through it.</summary>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Settings are found beside the dll, so the server starts identically from any directory.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

        builder.AddServerRun();
        builder.AddSettings<Limits>("Limits");
        builder.AddSettings<ChatSettings>("Chat");
        builder.AddEndpoints();
        builder.AddStore();
        //#if (fastPath)
        builder.AddFastPath();
        //#endif
        //#if (postgreSql)
        builder.AddPostgreSql();
        //#endif
        builder.AddCalls();
        //#if (rest)
        builder.AddRest();
        //#endif
        //#if (web)
        builder.AddWeb();
        //#endif
        builder.AddProbes();
        Security security = builder.AddGuards();
        builder.AddTelemetry();
        builder.AddWarmUp();
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

        RouteGroupBuilder routes = app.MapGroup("").RequirePermissions().LimitStreams();
        routes.MapGrpcService<UserGrpcService>();
        routes.MapGrpcService<RoomGrpcService>();
        routes.MapGrpcReflectionService();
        routes.MapProbes();

        return app;
    }
}
