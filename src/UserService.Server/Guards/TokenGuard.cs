using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Users.Server.Calls;
using Users.Server.Errors;
using Status = Google.Rpc.Status;

namespace Users.Server.Guards;

/// <summary>
/// Authentication: refuses a call without a valid token, says whose call it is, and ends a stream whose token expires. A
/// middleware of our own, because the framework's answers HTTP 401, which tells a gRPC client nothing of what to do.
/// </summary>
internal sealed class TokenGuard(RequestDelegate next, IOptions<Security> security, TimeProvider time)
{
    // What a timer takes at most is 49 days; a stream that lives longer asks for another token somewhat early.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(45);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!security.Value.RequireTokens
            || !GrpcProtocol.IsGrpc(context.Request)
            || context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null)
        {
            await next(context);
            return;
        }

        AuthenticateResult token = await context.AuthenticateAsync();
        if (!token.Succeeded)
        {
            await GrpcProtocol.RefuseAsync(context, Refusal(token));
            return;
        }

        context.User = token.Principal;
        await (GrpcProtocol.IsStream(context) ? StreamAsync(context) : next(context));
    }

    private async Task StreamAsync(HttpContext context)
    {
        TimeSpan left = Caller.TokenExpiry(context.User) + TokenSetup.ClockSkew - time.GetUtcNow();
        using var expired = new CancellationTokenSource(left < LongestWait ? left : LongestWait, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, expired.Token);
        context.RequestAborted = ended.Token;
        context.Features.Set(new TokenLife(expired.Token));
        await next(context);
    }

    private static Status Refusal(AuthenticateResult token) => token.Failure switch
    {
        null => Failures.TokenMissing(),
        SecurityTokenExpiredException => Failures.TokenExpired(),
        _ => Failures.TokenInvalid(),
    };
}

/// <summary>Of a stream: raised when the token expires that it began with.</summary>
internal sealed record TokenLife(CancellationToken Expired);
