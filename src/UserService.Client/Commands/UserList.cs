using System.CommandLine;
using Grpc.Core;
using Users.V1;

namespace Users.Client.Commands;

/// <summary>What list and export share: the stream of users, and where to go on when it breaks.</summary>
internal static class UserList
{
    public static Option<string?> After() => new("--after")
    {
        Description = "Start after the user with this id.",
        HelpName = "id",
    };

    /// <param name="session">With whom.</param>
    /// <param name="request">Which part of the list.</param>
    /// <param name="take">Takes each user, in turn.</param>
    /// <param name="cancellationToken">Ends the list early.</param>
    /// <returns>How many users there were.</returns>
    /// <exception cref="CommandException">The stream broke, or was interrupted; with the id to go on after.</exception>
    public static async Task<long> ReadAsync(
        ServiceAction.Session session, ListUsersRequest request, Func<User, ValueTask> take, CancellationToken cancellationToken)
    {
        long count = 0;
        string last = request.AfterId;
        using AsyncServerStreamingCall<User> call = session.Client.ListUsers(request, cancellationToken: cancellationToken);
        try
        {
            await foreach (User user in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                await take(user);
                (count, last) = (count + 1, user.Id);
            }

            return count;
        }
        catch (Exception e) when (count > 0 && e is RpcException or OperationCanceledException)
        {
            string advice = $"The list broke off after {count} users; --after {last} goes on from there.";
            throw e is RpcException rpc
                ? await CallFailure.ExplainAsync(rpc, session.Target, cancellationToken, advice)
                : new CommandException("Interrupted.", ExitCodes.Interrupted) { Advice = advice };
        }
    }
}
