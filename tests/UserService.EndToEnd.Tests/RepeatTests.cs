using Grpc.Core;
using Users.EndToEnd.Tests.Killing;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>Creates that are sent again because nobody knows whether they landed: the server was killed in between.</summary>
public sealed class RepeatTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_create_repeated_after_a_restart_answers_the_same_user()
    {
        CreateUserRequest request = Requested.User();
        User first;
        await using (ServerProcess killed = await ServerProcess.StartAsync(_folder.Database))
        {
            first = await killed.Client.CreateUserAsync(request, cancellationToken: Token);
            await killed.Process.KillAsync();
        }

        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        Assert.Equal(first, await server.Client.CreateUserAsync(request, cancellationToken: Token));
        Assert.Equal([first], await server.Client.ListAsync());
        request.Name = "Somebody else";
        Assert.Equal("REQUEST_ID_REUSED", await Failure.ReasonAsync(
            StatusCode.InvalidArgument, async () => await server.Client.CreateUserAsync(request, cancellationToken: Token)));
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task A_create_stream_sent_again_after_a_kill_in_its_middle_ends_with_each_user_once()
    {
        CreateUserRequest[] users = [.. Enumerable.Range(0, 2_500).Select(_ => Requested.User())];
        await using (ServerProcess killed = await ServerProcess.StartAsync(_folder.Database))
        {
            using var cut = killed.Client.CreateUsers(cancellationToken: Token);
            foreach (CreateUserRequest user in users.Take(1_500))
            {
                await cut.RequestStream.WriteAsync(user, Token);
            }

            // The first thousand is a commit of its own; the stream itself does not say when.
            while ((await killed.Client.ListAsync()).Count == 0)
            {
            }

            await killed.Process.KillAsync();
            Assert.Equal("", await Failure.ReasonAsync(StatusCode.Unavailable, async () => await cut));
        }

        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        using var again = server.Client.CreateUsers(cancellationToken: Token);
        foreach (CreateUserRequest user in users)
        {
            await again.RequestStream.WriteAsync(user, Token);
        }

        await again.RequestStream.CompleteAsync();
        Assert.Equal(new CreateUsersResponse { ExistingCount = 1_000, UserCount = 1_500 }, await again);
        Assert.Equal(users.Select(user => user.Email), (await server.Client.ListAsync()).Select(user => user.Email));
    }
}
