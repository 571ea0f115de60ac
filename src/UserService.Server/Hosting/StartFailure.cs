using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Errors;

namespace Users.Server.Hosting;

/// <summary>
/// What a person who starts the server can mend, in one sentence. Anything else is a bug, and keeps its stack trace: by its type alone
/// an error of a service that a developer adds would look like a wrong setting, without its place in the code.
/// </summary>
internal static class StartFailure
{
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        UserStoreException store => store.Message,
        IOException { InnerException: AddressInUseException } inUse =>
            $"{inUse.Message} End the process that uses it, or set Kestrel:Endpoints to another address.",
        SocketException socket when socket.Passed("Microsoft.AspNetCore.Server.Kestrel.") =>
            $"Kestrel:Endpoints cannot be listened on: {socket.Message}; set another address.",
        CryptographicException certificate when certificate.Passed("Microsoft.AspNetCore.Server.Kestrel.") =>
            $"The certificate of Kestrel:Endpoints cannot be read: {certificate.Message}",
        InvalidDataException file when file.Passed("Microsoft.Extensions.Configuration.") => $"{file.Message} {file.GetBaseException().Message}",
        // What the readers of settings raise for a value that they cannot use: their texts name the setting.
        InvalidOperationException or FormatException or ArgumentException or IOException or UnauthorizedAccessException
            when exception.Passed("Microsoft.AspNetCore.Server.Kestrel.", "Microsoft.Extensions.Configuration.", "Microsoft.Extensions.Logging.") => exception.Message,
        _ => null,
    };
}
