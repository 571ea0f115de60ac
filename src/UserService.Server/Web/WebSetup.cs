global using Users.Server.Web;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Users.Server.Settings;

namespace Users.Server.Web;

/// <summary>The calls as gRPC-Web for browsers, and a page that makes them, where <c>Web:Enabled</c> is true.</summary>
internal static class WebSetup
{
    // A script of another origin sees no other header of an answer. A refusal has its status there.
    private static readonly string[] Exposed = ["grpc-status", "grpc-message", "grpc-status-details-bin", "room-sequence"];

    public static void AddWeb(this WebApplicationBuilder builder)
    {
        WebSettings settings = builder.AddSettings<WebSettings>("Web");
        string[] origins = settings.ReadOrigins();
        if (settings.Enabled)
        {
            builder.Services.AddCors();
            builder.Services.AddSingleton<IStartupFilter>(new Filter(policy => Allow(policy, origins)));
        }
    }

    // The token is a header that the page's script sets: the browser adds nothing by itself, and no cookie is asked for.
    private static void Allow(CorsPolicyBuilder policy, string[] origins) =>
        policy.WithOrigins(origins).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromHours(1));

    /// <summary>Stands before the server's own middleware, which so sees a call of a browser as a call of gRPC.</summary>
    private sealed class Filter(Action<CorsPolicyBuilder> allow) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseCors(allow);
            app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
            // Found here, the page passes the server's guards as any endpoint does, and is answered behind them.
            app.UseRouting();
            next(app);
            app.UseEndpoints(Page.Map);
        };
    }
}
