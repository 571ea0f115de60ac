using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Users.Server.Calls;
using Users.Server.Errors;
using Users.Server.Hosting;
using Status = Google.Rpc.Status;

namespace Users.Server.Guards;

/// <summary>
/// Authentication: refuses a call without a valid token, says whose call it is, and ends a stream whose token expires. A
/// middleware of our own, because the framework's answers HTTP 401, which tells a gRPC client nothing of what to do.
/// </summary>
internal sealed class TokenGuard(RequestDelegate next, IOptions<Security> security, IOptions<Limits> limits, TimeProvider time)
{
    // What a timer takes at most is 49 days; a stream that lives longer asks for another token somewhat early.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(45);

    public Task InvokeAsync(HttpContext context) =>
        security.Value.RequireTokens
        && GrpcProtocol.IsGrpc(context.Request)
        && context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null
            ? CheckAsync(context)
            : next(context);

    private async Task CheckAsync(HttpContext context)
    {
        // The host puts the framework's middleware ahead of all others: it has asked already, and left what it found if that was good.
        AuthenticateResult token = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult ?? await context.AuthenticateAsync();
        if (!token.Succeeded)
        {
            await GrpcProtocol.RefuseAsync(context, Refusal(token));
            return;
        }

        context.User = token.Principal;
        await (GrpcProtocol.IsStream(context) ? StreamAsync(context, token.Properties!.ExpiresUtc!.Value) : next(context));
    }

    private async Task StreamAsync(HttpContext context, DateTimeOffset expiry)
    {
        TimeSpan left = TimeLeft(expiry - time.GetUtcNow());
        using var expired = new CancellationTokenSource(left, time);
        using var cut = new CancellationTokenSource(left + limits.Value.StreamGrace, time);
        using CancellationTokenRegistration reset = StalledStream.ResetAt(context, cut.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, expired.Token);
        context.RequestAborted = ended.Token;
        context.Features.Set(new TokenLife(expired.Token));
        await next(context);
    }

    // The token was alive a moment ago, and may no longer be: a timer would take a time below zero for an error, or for endless.
    private static TimeSpan TimeLeft(TimeSpan untilExpiry) =>
        untilExpiry > LongestWait ? LongestWait
        : untilExpiry + TokenSetup.ClockSkew is { Ticks: > 0 } left ? left
        : TimeSpan.Zero;

    private static Status Refusal(AuthenticateResult token) => token.Failure switch
    {
        null => Failures.TokenMissing(),
        SecurityTokenExpiredException => Failures.TokenExpired(),
        _ => Failures.TokenInvalid(),
    };
}

/// <summary>Of a stream: raised when the token expires that it began with.</summary>
internal sealed record TokenLife(CancellationToken Expired);
