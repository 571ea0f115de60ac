namespace Users.Data.Tests;

/// <summary>A clock that stands still until a test sets it. Its first time is not a whole number of microseconds.</summary>
public sealed class FakeTime : TimeProvider
{
    private DateTimeOffset _now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    public void Advance(TimeSpan span) => _now += span;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;
}
