using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Users.Server.Calls;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>
/// ASP.NET Core's rate limiter on calls: so many begin in a second, so many streams are open at once. What flows inside a stream
/// is slowed by back-pressure, not counted. A call's own limits come first, so who exceeds them takes nothing of the others'.
/// </summary>
internal static class RateLimitSetup
{
    private static readonly TimeSpan StreamRetry = TimeSpan.FromSeconds(1);

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        RateLimits limits = builder.AddSettings<RateLimits>("RateLimits");
        builder.Services.AddRateLimiter(limiter =>
        {
            PartitionedRateLimiter<HttpContext>[] set = [.. Limiters(limits)];
            limiter.GlobalLimiter = set.Length == 0 ? null : PartitionedRateLimiter.CreateChained(set);
            limiter.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected, limits));
        });
    }

    // Only those that are set: a call passes each of them.
    private static IEnumerable<PartitionedRateLimiter<HttpContext>> Limiters(RateLimits limits)
    {
        if (limits.CallerCallsPerSecond > 0)
        {
            yield return Rate(limits.CallerCallsPerSecond, CallerOf);
        }

        if (limits.TotalCallsPerSecond > 0)
        {
            yield return Rate(limits.TotalCallsPerSecond, _ => "");
        }

        if (limits.CallerStreams > 0)
        {
            yield return Streams(limits.CallerStreams, CallerOf);
        }

        if (limits.TotalStreams > 0)
        {
            yield return Streams(limits.TotalStreams, _ => "");
        }
    }

    private static PartitionedRateLimiter<HttpContext> Rate(int perSecond, Func<HttpContext, string> keyOf) => Limiter(
        context => !Call.Of(context).IsProbe,
        context => RateLimitPartition.GetTokenBucketLimiter(keyOf(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    private static PartitionedRateLimiter<HttpContext> Streams(int streams, Func<HttpContext, string> keyOf) => Limiter(
        context => Call.Of(context) is { IsStream: true, IsProbe: false },
        context => RateLimitPartition.GetConcurrencyLimiter(keyOf(context), _ => new ConcurrencyLimiterOptions { PermitLimit = streams }));

    // A limiter makes one partition for each key, so what is not limited has a key that no caller has.
    private static PartitionedRateLimiter<HttpContext> Limiter(
        Predicate<HttpContext> isLimited, Func<HttpContext, RateLimitPartition<string>> partition) =>
        PartitionedRateLimiter.Create<HttpContext, string>(
            context => isLimited(context) ? partition(context) : RateLimitPartition.GetNoLimiter("\0"));

    private static string CallerOf(HttpContext context) =>
        Caller.IdOf(context.User) is { Length: > 0 } subject ? subject : $"{context.Connection.RemoteIpAddress}";

    // Never as HTTP 429, which clients read as UNAVAILABLE and retry. Only the limiters of calls per second say when to retry.
    private static Task RefuseAsync(OnRejectedContext rejected, RateLimits limits) => Refusal.AnswerAsync(
        rejected.HttpContext,
        rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan retry)
            ? GuardFailures.RateLimited(CallerOf(rejected.HttpContext), Quota("calls per second", limits.CallerCallsPerSecond, limits.TotalCallsPerSecond), retry)
            : GuardFailures.TooManyStreams(CallerOf(rejected.HttpContext), Quota("open streams", limits.CallerStreams, limits.TotalStreams), StreamRetry));

    private static string Quota(string what, int caller, int total) =>
        $"At most {what}: {(caller == 0 ? "any number" : caller)} for one caller, {(total == 0 ? "any number" : total)} for all.";
}
