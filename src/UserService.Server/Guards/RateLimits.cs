using System.ComponentModel.DataAnnotations;

namespace Users.Server.Guards;

/// <summary>The section <c>RateLimits</c> of the settings. Each is off at 0.</summary>
internal sealed class RateLimits
{
    /// <summary>Calls per second of one caller, by the token's subject, else by the address; one more is RATE_LIMITED.</summary>
    [Range(0, 1_000_000)]
    public int CallerCallsPerSecond { get; set; }

    /// <summary>Calls per second of all callers.</summary>
    [Range(0, 1_000_000)]
    public int TotalCallsPerSecond { get; set; }

    /// <summary>Concurrent streams of one caller, by the token's subject, else by the address; one more is TOO_MANY_STREAMS.</summary>
    [Range(0, 1_000_000)]
    public int CallerStreams { get; set; } = 1_000;

    /// <summary>Concurrent streams of all callers.</summary>
    [Range(0, 1_000_000)]
    public int TotalStreams { get; set; }

    /// <summary>Concurrent watches of the health, which need no token, of one address.</summary>
    [Range(0, 1_000_000)]
    public int AddressWatches { get; set; } = 100;

    /// <summary>Concurrent watches of the health, of all addresses.</summary>
    [Range(0, 1_000_000)]
    public int TotalWatches { get; set; } = 1_000;
}
