using Microsoft.Extensions.Logging;

namespace Users.Data;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Opened the database {Place}, running {Migrations} migrations.")]
    public static partial void Opened(ILogger logger, string place, int migrations);

    [LoggerMessage(2, LogLevel.Error, "A commit failed, and with it {Count} writes.")]
    public static partial void CommitFailed(ILogger logger, Exception error, int count);
}
