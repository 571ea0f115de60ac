using System.ComponentModel;
using System.Reflection;

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

    /// <summary>Writes that share a commit, and so a sync of the disk, at most; 1 gives each its own.</summary>
    public int MaxCommit { get; set; } = 1_000;

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
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            CheckKeyAndType(setting);
        }

        builder.Services.AddOptions<Limits>()
            .Bind(section)
            .Validate(limits => limits.MaxMessageBytes is >= 1024 and <= 4 * 1024 * 1024, "Limits:MaxMessageBytes must be 1024 to 4194304.")
            .Validate(limits => limits.MaxStreamsPerConnection is >= 1 and <= 100_000, "Limits:MaxStreamsPerConnection must be 1 to 100000.")
            .Validate(limits => IsSeconds(limits.StreamIdle), "Limits:StreamIdle must be 00:00:01 to 01:00:00.")
            .Validate(limits => limits.WriteQueueLength is >= 1 and <= 1_000_000, "Limits:WriteQueueLength must be 1 to 1000000.")
            .Validate(limits => limits.MaxCommit is >= 1 and <= 100_000, "Limits:MaxCommit must be 1 to 100000.")
            .Validate(limits => IsSeconds(limits.StoreBusy), "Limits:StoreBusy must be 00:00:01 to 01:00:00.")
            .Validate(limits => limits.MaxStoreMegabytes is >= 0 and <= 1_000_000, "Limits:MaxStoreMegabytes must be 0 to 1000000.")
            .ValidateOnStart();
    }

    // Before the binder does: its words name types, not what to write.
    private static void CheckKeyAndType(IConfigurationSection setting)
    {
        PropertyInfo property = Array.Find(
            typeof(Limits).GetProperties(), known => known.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase))
            ?? throw StartFailure.BadSetting($"{setting.Path} is not a setting: take it out, or correct its name.");
        if (!TypeDescriptor.GetConverter(property.PropertyType).IsValid(setting.Value ?? ""))
        {
            throw StartFailure.BadSetting(
                $"{setting.Path} cannot be '{setting.Value}': write it like {property.GetValue(new Limits())}.");
        }
    }

    private static bool IsSeconds(TimeSpan value) => value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1);
}
