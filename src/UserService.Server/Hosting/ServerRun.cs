namespace Users.Server.Hosting;

/// <summary>
/// The server from its start to its end, and the exit code of the process: 0 where it was asked to stop, 1 where it could not start or
/// something in it failed, which is then told on standard error or in the log.
/// </summary>
internal static class ServerRun
{
    public static async Task<int> ToEndAsync(Func<WebApplication> build, Func<bool> isSignalled, TextWriter error)
    {
        bool isStarted = false;
        try
        {
            await using WebApplication app = build();
            await app.StartAsync();
            isStarted = true;
            await app.WaitForShutdownAsync();
            return HasFailed(app, isSignalled()) ? 1 : 0;
        }
        catch (OperationCanceledException) when (isSignalled() && !isStarted)
        {
            // The signal came before the start was done.
            return 0;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync(!isStarted && StartFailure.Explain(exception) is { } sentence
                ? $"UserService.Server cannot start: {sentence.ReplaceLineEndings(" ")}"
                : $"UserService.Server has failed: {exception}");
            return 1;
        }
    }

    /// <summary>The host's own line at a failed start would come with a stack trace, whatever failed; its lines on background services stay.</summary>
    public static void AddServerRun(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.AddHostedService<HangUp>();
    }

    // The host stops when a background service throws, and has logged why. One that ended cancelled did so at the signal, if there was one.
    private static bool HasFailed(WebApplication app, bool isSignalled) => app.Services.GetServices<IHostedService>()
        .OfType<BackgroundService>()
        .Any(service => service.ExecuteTask is { IsFaulted: true } || (service.ExecuteTask is { IsCanceled: true } && !isSignalled));
}
