namespace Users.Benchmarks.Load;

/// <summary>One measurement.</summary>
/// <param name="Value">In the figure's own unit.</param>
/// <param name="Cpu">What one call, user or message has cost the measured process, in microseconds of user and system time.</param>
/// <param name="Median">The median of the calls' latencies in microseconds, where one call at a time was made.</param>
internal readonly record struct Sample(double Value, double? Cpu = null, double? Median = null);
