namespace Users.Server.Hosting;

/// <summary>The section <c>Limits</c> of the settings. A value out of range ends the start with a sentence that names it.</summary>
internal sealed class Limits
{
    /// <summary>The largest message that the server takes, in bytes; a larger one is RESOURCE_EXHAUSTED.</summary>
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Concurrent calls on one HTTP/2 connection. A further one waits in the client, without an error.</summary>
    public int MaxStreamsPerConnection { get; set; } = 1_000;

    /// <summary>How long CreateUsers waits for the next message, and ChatUsers for its first, before STREAM_IDLE.</summary>
    public TimeSpan StreamIdle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Writes that wait for the database at most; one more is answered STORE_BUSY at once.</summary>
    public int WriteQueueLength { get; set; } = 10_000;

    /// <summary>How long a statement waits for a lock that another process holds on the database, before STORE_BUSY.</summary>
    public TimeSpan StoreBusy { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest size of the database, in megabytes, after which writes are STORE_FULL; 0 is no limit.</summary>
    public long MaxStoreMegabytes { get; set; }
}

internal static class LimitsSetup
{
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection("Limits");
        Settings.Check<Limits>(section);
        builder.Services.AddOptions<Limits>()
            .Bind(section)
            .Validate(limits => limits.MaxMessageBytes is >= 1024 and <= 4 * 1024 * 1024, "Limits:MaxMessageBytes must be 1024 to 4194304.")
            .Validate(limits => limits.MaxStreamsPerConnection is >= 1 and <= 100_000, "Limits:MaxStreamsPerConnection must be 1 to 100000.")
            .Validate(limits => IsSeconds(limits.StreamIdle), "Limits:StreamIdle must be 00:00:01 to 01:00:00.")
            .Validate(limits => limits.WriteQueueLength is >= 1 and <= 1_000_000, "Limits:WriteQueueLength must be 1 to 1000000.")
            .Validate(limits => IsSeconds(limits.StoreBusy), "Limits:StoreBusy must be 00:00:01 to 01:00:00.")
            .Validate(limits => limits.MaxStoreMegabytes is >= 0 and <= 1_000_000, "Limits:MaxStoreMegabytes must be 0 to 1000000.")
            .ValidateOnStart();
    }

    private static bool IsSeconds(TimeSpan value) => value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1);
}
