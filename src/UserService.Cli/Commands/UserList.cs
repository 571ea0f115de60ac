using System.CommandLine;
using Grpc.Core;
using Users.Cli.Connection;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary>What list and export share: the stream of users, which goes on after the last one when it breaks.</summary>
internal static class UserList
{
    public static Option<string?> After() => new("--after")
    {
        Description = "Start after the user with this id.",
        HelpName = "id",
    };

    /// <param name="session">The session with the server.</param>
    /// <param name="request">Which part of the list.</param>
    /// <param name="take">Takes each user, in turn, and each once.</param>
    /// <param name="cancellationToken">Ends the list early.</param>
    /// <returns>How many users there were.</returns>
    /// <exception cref="CommandException">The stream broke for good, or was interrupted; with the id to go on after.</exception>
    public static async Task<long> ReadAsync(
        ServiceAction.Session session, ListUsersRequest request, Func<User, ValueTask> take, CancellationToken cancellationToken)
    {
        long count = 0;
        ListUsersRequest rest = request.Clone();
        try
        {
            // What broke after the last user that is wanted is whole: to the server a size of 0 would mean all.
            while (request.PageSize == 0 || count < request.PageSize)
            {
                try
                {
                    await ReadAsync();
                    break;
                }
                // Only a server that was there is waited for.
                catch (RpcException e) when ((count > 0 || Resumption.IsLimit(e))
                    && !cancellationToken.IsCancellationRequested && session.Resumption.CanFollow(e))
                {
                    await session.WaitAsync(e, $"going on after {count} users", cancellationToken);
                }
            }

            return count;
        }
        catch (Exception e) when (count > 0 && e is RpcException or OperationCanceledException)
        {
            string advice = $"The list broke off after {count} users; --after {rest.AfterId} goes on from there.";
            throw e is RpcException rpc
                ? await CallFailure.ExplainAsync(rpc, session.Target, cancellationToken, advice)
                : new CommandException("Interrupted.", ExitCodes.Interrupted) { Advice = advice };
        }

        async Task ReadAsync()
        {
            using AsyncServerStreamingCall<User> call = session.Client.ListUsers(rest, cancellationToken: cancellationToken);
            await foreach (User user in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                await take(user);
                count++;
                rest.AfterId = user.Id;
                rest.PageSize = request.PageSize == 0 ? 0 : request.PageSize - (int)count;
                session.Resumption.Progressed();
            }
        }
    }
}
