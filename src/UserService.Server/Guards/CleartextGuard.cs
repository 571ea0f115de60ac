using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;
using Users.Server.Calls;

namespace Users.Server.Guards;

/// <summary>
/// Where TLS is required, an endpoint without it answers the probes and nothing else, whatever is mapped. It asks the connection, not
/// <c>Request.IsHttps</c>, which a header that a proxy forwards may change.
/// </summary>
internal sealed class CleartextGuard(RequestDelegate next, IOptions<Security> security)
{
    private readonly bool _requireTls = security.Value.RequireTls;

    public Task InvokeAsync(HttpContext context) =>
        !_requireTls || Call.Of(context).IsProbe || context.Features.Get<ITlsHandshakeFeature>() is not null
            ? next(context)
            : Results.Problem("This port is not encrypted and tells of the server's health alone: use https.", statusCode: StatusCodes.Status403Forbidden)
                .ExecuteAsync(context);
}
