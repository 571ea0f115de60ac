using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Users.Cli.Output;

internal static class UserTimes
{
    /// <summary>The time in UTC; empty when there is none, and "?" when what the server sent is no time that there is.</summary>
    public static string Format(Timestamp? time, string format)
    {
        try
        {
            return time?.ToDateTime().ToString(format, CultureInfo.InvariantCulture) ?? string.Empty;
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }
}
