using System.Globalization;
using Users.Client.Output;

namespace Users.Cli.Files;

/// <summary>Shows on a terminal how far an import or export is: the number, the rate and, when the size is known, the time left.</summary>
internal sealed class TransferProgress(Screen screen, TimeProvider time, string what, long? size = null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.2);
    private readonly long _started = time.GetTimestamp();
    private long _shown = time.GetTimestamp();

    /// <param name="users">How many are done.</param>
    /// <param name="position">How much of the size is done.</param>
    public void Show(long users, long position = 0)
    {
        if (time.GetElapsedTime(_shown) < Interval)
        {
            return;
        }

        _shown = time.GetTimestamp();
        TimeSpan elapsed = time.GetElapsedTime(_started);
        string text = string.Create(CultureInfo.InvariantCulture, $"{what} {users:N0} users, {users / elapsed.TotalSeconds:N0} a second");
        if (size is > 0 && position > 0)
        {
            double part = Math.Min(1, (double)position / size.Value);
            TimeSpan left = elapsed * ((1 - part) / part);
            text += string.Create(CultureInfo.InvariantCulture, $", {part * 100:0}%, {(long)left.TotalMinutes}:{left.Seconds:00} left");
        }

        screen.Status(text);
    }
}
