using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Users.Client.Connection;
using Users.V1;

namespace Users.Client.Server;

/// <summary>Finds out whether a server answers at an address, and which.</summary>
internal static class ServerProbe
{
    private const string ErrorDomain = "users.v1";
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    internal enum Finding
    {
        Nobody,
        UserService,
        SomethingElse,
    }

    /// <param name="address">Where to ask.</param>
    /// <param name="deadline">How long a server that accepts connections may take to answer as the service would.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <param name="tls">Whom to trust.</param>
    public static async Task<Finding> AskAsync(
        ServerAddress address, TimeSpan deadline, CancellationToken cancellationToken, TlsFiles? tls = null)
    {
        if (!await AnyAcceptsConnectionsAsync(address, cancellationToken))
        {
            return Finding.Nobody;
        }

        // Without a token: it is not known yet which server would read it.
        using GrpcChannel channel = UsersChannel.Open(address, tls: tls);
        try
        {
            var nobody = new GetUserRequest { Id = Guid.Empty.ToString() };
            await channel.CreateClient(deadline).GetUserAsync(nobody, cancellationToken: cancellationToken);
            return Finding.UserService;
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            // NOT_FOUND, or a refusal for another reason: only our service gives reasons in this domain.
            return RpcFailure.Read(e).Domain == ErrorDomain ? Finding.UserService : Finding.SomethingElse;
        }
    }

    private static async Task<bool> AnyAcceptsConnectionsAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        bool[] answers = await Task.WhenAll(address.Servers.Select(server => AcceptsConnectionsAsync(address, server, cancellationToken)));
        return answers.Contains(true);
    }

    private static async Task<bool> AcceptsConnectionsAsync(ServerAddress address, Uri server, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            using Stream connection = await ServerSocket.ConnectAsync(address, server, limit.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
