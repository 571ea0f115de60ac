using System.Diagnostics;

namespace Users.Benchmarks.Load.Wire;

/// <summary>One call.</summary>
internal sealed class RpcStream(int id, long window)
{
    public int Id { get; } = id;

    /// <summary>As <see cref="Stopwatch.GetTimestamp"/> had it.</summary>
    public long Opened { get; } = Stopwatch.GetTimestamp();

    /// <summary>The caller's own note.</summary>
    public int Note { get; set; }

    /// <summary>How many bytes the server still takes.</summary>
    public long Window { get; set; } = window;

    public ReceiveWindow Received { get; } = new();

    public MessageReader Messages { get; } = new();
}
