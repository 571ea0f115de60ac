using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Users.Data;

namespace Users.Server.Hosting;

/// <summary>What keeps the server from starting is told in one sentence on standard error, with exit code 1.</summary>
internal static class StartFailure
{
    public static async Task<int> GuardAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            // A signal came before the start was done.
            return 0;
        }
        catch (Exception exception) when (Explain(exception) is { } sentence)
        {
            await Console.Error.WriteLineAsync($"UserService.Server cannot start: {sentence.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    /// <summary>Without this the host would first log the exception, stack and all.</summary>
    public static void AddStartFailure(this WebApplicationBuilder builder) =>
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

    public static OptionsValidationException BadSetting(params string[] sentences) => new("Settings", typeof(IConfiguration), sentences);

    private static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        UserStoreException store => store.Message,
        IOException { InnerException: AddressInUseException } inUse =>
            $"{inUse.Message} End the process that uses it, or set Kestrel:Endpoints to another address.",
        SocketException socket => $"Kestrel:Endpoints cannot be listened on: {socket.Message}; set another address.",
        CryptographicException certificate => $"The certificate of Kestrel:Endpoints cannot be read: {certificate.Message}",
        InvalidDataException file => $"{file.Message} {file.GetBaseException().Message}",
        // What the configuration binder, the JSON reader and Kestrel raise for a value that they cannot use: their texts name it.
        InvalidOperationException or FormatException or ArgumentException or IOException or UnauthorizedAccessException
            => exception.Message,
        _ => null,
    };
}
