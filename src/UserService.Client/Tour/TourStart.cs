using Grpc.Core;
using Grpc.Net.Client;
using Users.Client.Connection;
using Users.Client.Output;
using Users.Client.Server;

namespace Users.Client.Tour;

/// <summary>Finds the server for the tour: the one that was named, else the one at the default address, else one of its own.</summary>
/// <param name="screen">Where the tour is shown.</param>
/// <param name="tls">Which authorities to trust.</param>
/// <param name="token">What each call shows of its user; null for nothing.</param>
internal sealed class TourStart(Screen screen, TlsFiles tls, string? token)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <param name="named">The server, if the user named one.</param>
    /// <param name="cancellationToken">Interrupts the tour.</param>
    /// <returns>Whether every step ended as it should.</returns>
    /// <exception cref="CommandException">There is no such server, or it went away.</exception>
    public async Task<bool> RunAsync(ServerAddress? named, CancellationToken cancellationToken)
    {
        ServerAddress server = named ?? AddressOptions.Default;
        if (token is not null && !BearerToken.IsSafeTo(server))
        {
            throw new CommandException($"The token would go to {server} in cleartext: {server.TlsAdvice}.", ExitCodes.Usage);
        }

        switch (await ServerProbe.AskAsync(server, Deadline, cancellationToken, tls))
        {
            case ServerProbe.Finding.UserService:
                screen.Line($"The server at {server}");
                return await TourAsync(server, token, isOwnServer: false, cancellationToken);

            case ServerProbe.Finding.Nobody when named is null:
                await using (OwnServer own = await OwnServer.StartAsync(AppContext.BaseDirectory, cancellationToken))
                {
                    screen.Line($"No server at {server}, so the tour started its own at {own.Address.OriginalString}"
                        + $" (process {own.ProcessId}, temporary database); it ends with the tour.");
                    return await TourAsync(own.Address, null, isOwnServer: true, cancellationToken);
                }

            case ServerProbe.Finding.Nobody:
                throw new CommandException($"No server answers at {server}; start one there, or leave the address out.", ExitCodes.NoServer);

            default:
                throw new CommandException(
                    await TransportFault.DescribeAsync(server, tls, cancellationToken)
                        ?? $"Something answers at {server}, but it is not users.v1.UserService; name another server with --address.",
                    ExitCodes.NoServer);
        }
    }

    private async Task<bool> TourAsync(ServerAddress server, string? shown, bool isOwnServer, CancellationToken cancellationToken)
    {
        string? subject = shown is null ? null : BearerToken.ReadSubject(shown);
        CallCredentials? credentials = shown is null ? null : BearerToken.Credentials(_ => Task.FromResult(shown));
        using GrpcChannel channel = UsersChannel.Open(server, tls: tls, token: credentials);
        try
        {
            return await new GuidedTour(new TourContext(channel.CreateClient(Deadline), screen, subject, isOwnServer), screen).RunAsync(cancellationToken);
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw await ExplainAsync(e, server, cancellationToken);
        }
    }

    private async Task<CommandException> ExplainAsync(RpcException exception, ServerAddress server, CancellationToken cancellationToken)
    {
        string sentence = await TransportFault.DescribeAsync(exception, server, cancellationToken, tls)
            ?? $"{server.NotAvailable}: {exception.Status.Detail}";
        return exception.StatusCode is StatusCode.Unavailable
            ? new CommandException(sentence, ExitCodes.NoServer)
            : new CommandException($"{RpcFailure.NameOf(exception.StatusCode)}: {exception.Status.Detail}", ExitCodes.Failed);
    }
}
