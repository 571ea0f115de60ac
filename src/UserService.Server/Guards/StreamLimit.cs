using System.Threading.RateLimiting;

namespace Users.Server.Guards;

/// <summary>How many streams are open at once, of one caller and of all; 0 is any number.</summary>
internal sealed class StreamLimit(int each, int total)
{
    private readonly ConcurrencyLimiter? _total = total == 0 ? null : Limiter(total);

    /// <summary>What a stream of the caller needs a permit of: its own part first, so what it is refused takes nothing of the others'.</summary>
    public RateLimitPartition<string> Of(string caller) => each == 0 && _total is null
        ? RateLimitPartition.GetNoLimiter(caller)
        : RateLimitPartition.Get(caller, _ => _total is null ? Limiter(each) : each == 0 ? new Shared(_total) : RateLimiter.CreateChained(Limiter(each), new Shared(_total)));

    private static ConcurrencyLimiter Limiter(int permits) => new(new ConcurrencyLimiterOptions { PermitLimit = permits });

    /// <summary>The framework disposes the limiter of a caller that is idle, and what it is chained with; this one belongs to all callers.</summary>
    private sealed class Shared(RateLimiter limiter) : RateLimiter
    {
        public override TimeSpan? IdleDuration => limiter.IdleDuration;

        public override RateLimiterStatistics? GetStatistics() => limiter.GetStatistics();

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => limiter.AttemptAcquire(permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
            limiter.AcquireAsync(permitCount, cancellationToken);
    }
}
