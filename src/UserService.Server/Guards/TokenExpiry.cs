using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Users.Server.Calls;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>Ends a stream when the token expires that it began with; a call that is no stream is over before.</summary>
internal sealed class TokenExpiry(RequestDelegate next, IOptions<Limits> limits, TimeProvider time)
{
    // What a timer takes at most is 49 days; a stream that lives longer asks for another token somewhat early.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(45);

    public Task InvokeAsync(HttpContext context) =>
        Call.Of(context).IsStream
        && context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is { } expiry
            ? StreamAsync(context, expiry)
            : next(context);

    private async Task StreamAsync(HttpContext context, DateTimeOffset expiry)
    {
        TimeSpan left = TimeLeft(expiry - time.GetUtcNow());
        using var expired = new CancellationTokenSource(left, time);
        using var cut = new CancellationTokenSource(left + limits.Value.StreamGrace, time);
        using CancellationTokenRegistration reset = StalledStream.ResetAt(context, cut.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, expired.Token);
        context.RequestAborted = ended.Token;
        context.Features.Set(new CallEnd(GuardFailures.TokenExpired, expired.Token));
        await next(context);
    }

    // The token was alive a moment ago, and may no longer be: a timer would take a time below zero for an error, or for endless.
    private static TimeSpan TimeLeft(TimeSpan untilExpiry) =>
        untilExpiry > LongestWait ? LongestWait
        : untilExpiry + TokenSetup.ClockSkew is { Ticks: > 0 } left ? left
        : TimeSpan.Zero;
}
