using Grpc.Core;
using Grpc.Net.Client;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Client.Tests;

public sealed class UsersChannelTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_call_beyond_what_one_connection_carries_does_not_wait()
    {
        const int Calls = 2;
        var allArrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call =>
            {
                if (call.Number >= Calls)
                {
                    // More than once where a call was tried again.
                    allArrived.TrySetResult();
                }

                return Answer.Never;
            },
            streamsPerConnection: 1);
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        UserService.UserServiceClient client = channel.CreateClient(TimeSpan.FromSeconds(30));

        List<AsyncServerStreamingCall<User>> calls = [.. Enumerable.Range(0, Calls).Select(_ =>
            client.ListUsers(new ListUsersRequest(), cancellationToken: TestContext.Current.CancellationToken))];

        // None of them is ever answered, so one that ends has failed, and says why.
        Task first = await Task.WhenAny([allArrived.Task, .. calls.Select(call => call.ResponseHeadersAsync)]);
        await first;
        calls.ForEach(call => call.Dispose());
    }
}
