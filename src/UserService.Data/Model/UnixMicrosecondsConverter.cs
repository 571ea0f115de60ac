using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Users.Data;

/// <summary>Stores times as INTEGER microseconds since 1970, UTC.</summary>
internal sealed class UnixMicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => ToMicroseconds(time), microseconds => FromMicroseconds(microseconds))
{
    public static long ToMicroseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The current time as it will be read back, so that a write's answer equals a later read.</summary>
    public static DateTimeOffset Now(TimeProvider time) => FromMicroseconds(ToMicroseconds(time.GetUtcNow()));
}
