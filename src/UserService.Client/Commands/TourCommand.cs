using System.CommandLine;
using Grpc.Net.Client;
using Users.Client.Connection;
using Users.Client.Output;
using Users.Client.Tour;

namespace Users.Client.Commands;

/// <summary><c>users tour</c>: against the server at the address, or one of its own when nobody named an address and nobody
/// is there.</summary>
internal sealed class TourCommand : Command
{
    private readonly TargetOptions _target;
    private readonly Screen _screen;

    public TourCommand(TargetOptions target, Screen screen)
        : base("tour", "Shows every pattern of gRPC in turn, against a real server.")
    {
        (_target, _screen) = (target, screen);
        SetAction(RunAsync);
    }

    public Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Target target = _target.Read(parsed);
        return CommandGuard.RunAsync(_screen, target, () => RunAsync(target, cancellationToken), cancellationToken);
    }

    private async Task<int> RunAsync(Target target, CancellationToken cancellationToken)
    {
        string address = target.Address.OriginalString;
        await target.PrepareAsync(cancellationToken);
        switch (await ServerProbe.AskAsync(target.Address, target.Deadline, cancellationToken, target.Tls))
        {
            case ServerProbe.Finding.UserService:
                _screen.Line($"The server at {address}");
                return await TourAsync(target, cancellationToken);

            case ServerProbe.Finding.Nobody when !target.IsNamed:
                await using (OwnServer server = await OwnServer.StartAsync(AppContext.BaseDirectory, cancellationToken))
                {
                    _screen.Line($"No server at {address}, so the tour started its own at {server.Address.OriginalString}"
                        + $" (process {server.ProcessId}, temporary database); it ends with the tour.");
                    return await TourAsync(target with { Address = server.Address, Token = null }, cancellationToken);
                }

            case ServerProbe.Finding.Nobody:
                throw new CommandException($"No server answers at {address}; start one there, or leave the address out.", ExitCodes.NoServer);

            default:
                throw new CommandException(
                    await TransportFault.DescribeAsync(target.Address, target.Tls, cancellationToken)
                        ?? $"Something answers at {address}, but it is not users.v1.UserService; name another server with --address.",
                    ExitCodes.NoServer);
        }
    }

    private async Task<int> TourAsync(Target target, CancellationToken cancellationToken)
    {
        string? subject = target.Token is { } token ? await token.ReadSubjectAsync(cancellationToken) : null;
        using GrpcChannel channel = target.OpenChannel();
        var tour = new GuidedTour(new TourContext(channel.CreateClient(target.Deadline), _screen, subject), _screen);
        return await tour.RunAsync(cancellationToken) ? ExitCodes.Success : ExitCodes.Failed;
    }
}
