using System.Threading.RateLimiting;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.RateLimiting;
using Users.Server.Calls;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>
/// ASP.NET Core's rate limiter on calls: so many begin in a second, so many streams are open at once. What flows inside a stream
/// is slowed by back-pressure, not counted. A call's own limits come first, so a caller that exceeds them takes nothing of the others'.
/// </summary>
internal static class RateLimitSetup
{
    private const string Streams = "streams";

    private static readonly TimeSpan StreamRetry = TimeSpan.FromSeconds(1);

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        RateLimits limits = builder.AddSettings<RateLimits>("RateLimits");
        builder.Services.AddRateLimiter(limiter =>
        {
            PartitionedRateLimiter<HttpContext>[] rates = [.. Rates(limits)];
            limiter.GlobalLimiter = rates.Length == 0 ? null : PartitionedRateLimiter.CreateChained(rates);
            var calls = new StreamLimit(limits.CallerStreams, limits.TotalStreams);
            var watches = new StreamLimit(limits.AddressWatches, limits.TotalWatches);
            limiter.AddPolicy(Streams, context => Call.Of(context).IsProbe
                // A key has one limiter: a caller's watches are another one's than its calls.
                ? watches.Of($"watch {CallerOf(context)}")
                : calls.Of(CallerOf(context)));
            limiter.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected, limits));
        });
    }

    /// <summary>Limits the streams among the group's methods: the others pass without a look at it.</summary>
    public static RouteGroupBuilder LimitStreams(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<GrpcMethodMetadata>().Any(grpc => grpc.Method.Type is not MethodType.Unary))
            {
                endpoint.Metadata.Add(new EnableRateLimitingAttribute(Streams));
            }
        });
        return routes;
    }

    // Only those that are set: a call passes each of them.
    private static IEnumerable<PartitionedRateLimiter<HttpContext>> Rates(RateLimits limits)
    {
        if (limits.CallerCallsPerSecond > 0)
        {
            yield return Rate(limits.CallerCallsPerSecond, CallerOf);
        }

        if (limits.TotalCallsPerSecond > 0)
        {
            yield return Rate(limits.TotalCallsPerSecond, _ => "");
        }
    }

    // A limiter makes one partition for each key, so what is not limited has a key that no caller has.
    private static PartitionedRateLimiter<HttpContext> Rate(int perSecond, Func<HttpContext, string> keyOf) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context => Call.Of(context).IsProbe
            ? RateLimitPartition.GetNoLimiter("\0")
            : RateLimitPartition.GetTokenBucketLimiter(keyOf(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = perSecond,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));

    private static string CallerOf(HttpContext context) =>
        Caller.IdOf(context.User) is { Length: > 0 } subject ? subject : $"{context.Connection.RemoteIpAddress}";

    // Never as HTTP 429, which clients read as UNAVAILABLE and retry. Only the limiters of calls per second say when to retry.
    private static Task RefuseAsync(OnRejectedContext rejected, RateLimits limits)
    {
        string caller = CallerOf(rejected.HttpContext);
        return Refusal.AnswerAsync(
            rejected.HttpContext,
            rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan retry)
                ? GuardFailures.RateLimited(caller, Quota("calls per second", limits.CallerCallsPerSecond, limits.TotalCallsPerSecond), retry)
                : GuardFailures.TooManyStreams(caller, QuotaOfStreams(rejected.HttpContext, limits), StreamRetry));
    }

    private static string QuotaOfStreams(HttpContext context, RateLimits limits) => Call.Of(context).IsProbe
        ? Quota("open watches of the health", limits.AddressWatches, limits.TotalWatches)
        : Quota("open streams", limits.CallerStreams, limits.TotalStreams);

    private static string Quota(string what, int caller, int total) =>
        $"At most {what}: {(caller == 0 ? "any number" : caller)} for one caller, {(total == 0 ? "any number" : total)} for all.";
}
