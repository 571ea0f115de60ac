using Grpc.Core;
using Grpc.Net.Client;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

public sealed class LoadTests
{
    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task Ten_thousand_concurrent_calls_of_one_client_all_succeed()
    {
        const int Count = 10_000;
        using var folder = new TestFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Database);
        User ada = await server.Client.AddUserAsync("Ada");
        // Past the streams that the server allows on one connection the client opens another.
        var client = new UserService.UserServiceClient(server.Connect(
            new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } }));
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<User>[] calls = [.. Enumerable.Range(0, Count).Select(_ => GetAsync())];

        begin.SetResult();
        User[] answers = await Task.WhenAll(calls).WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);

        Assert.All(answers, answer => Assert.Equal(ada, answer));
        Assert.Equal("Grace", (await server.Client.AddUserAsync("Grace")).Name);
        await Failure.ReasonAsync(StatusCode.NotFound, () => client.GetAsync(Guid.Empty.ToString()));
        Assert.Equal(0, await server.StopAsync());
        Assert.DoesNotContain("fail:", server.Process.Output.ToString());

        async Task<User> GetAsync()
        {
            await begin.Task;
            return await client.GetAsync(ada.Id);
        }
    }
}
