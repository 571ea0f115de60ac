using Grpc.Net.Client;
using Users.Cli.Connection;
using Users.Client.Connection;

namespace Users.Cli.Commands;

/// <summary>What a command calls.</summary>
/// <param name="Address">The server, or its replicas.</param>
/// <param name="Deadline">How long a unary call may take.</param>
/// <param name="KeepAlive">After how long a silence the server is asked whether it is still there.</param>
/// <param name="Json">Whether a program reads the answer, rather than a person.</param>
internal sealed record Target(ServerAddress Address, TimeSpan Deadline, TimeSpan KeepAlive, bool Json = false)
{
    public TlsFiles Tls { get; init; } = new();

    /// <summary>The bearer token that each call sends; null: none.</summary>
    public TokenSource? Token { get; init; }

    /// <summary>Whether the token may go without TLS to another host.</summary>
    public bool TokenInCleartext { get; init; }

    public GrpcChannel OpenChannel() => UsersChannel.Open(Address, KeepAlive, Tls, Token?.ToCredentials(), TokenInCleartext);

    /// <summary>Refuses to send a token where others could read it, and gets the first one: no call's deadline counts for that.</summary>
    /// <exception cref="CommandException">It must not be sent, or there is none.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Token is null)
        {
            return;
        }

        if (!BearerToken.IsSafeTo(Address) && !TokenInCleartext)
        {
            throw new CommandException(
                $"The token would go to {Address} in cleartext: {Address.TlsAdvice}, or allow it with --token-in-cleartext.",
                ExitCodes.Usage);
        }

        await Token.GetAsync(cancellationToken);
    }
}
