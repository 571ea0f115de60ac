using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>What the server asks of the disk, seen from outside: a power cut cannot be tried, but a sync can be seen.</summary>
public sealed class SyncTests : IDisposable
{
    private readonly TestFolder _folder = new(onDisk: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_create_of_one_caller_is_synced_between_its_request_and_its_answer()
    {
        (IReadOnlyList<User> users, IReadOnlyList<string> calls) = await TraceAsync(async server =>
        {
            List<User> created = [];
            for (int i = 0; i < 20; i++)
            {
                created.Add(await server.Client.AddUserAsync("Ada"));
            }

            return created;
        });

        Assert.All(users, user => AssertSyncedBeforeAnswered(user, calls));
        Assert.InRange(calls.Count(IsSync), users.Count, int.MaxValue);
    }

    [Fact]
    public async Task Creates_of_many_callers_share_syncs_and_none_is_answered_before_its_own()
    {
        // On connections of their own: on one, a request could begin in one receive and end in the next.
        (IReadOnlyList<User> users, IReadOnlyList<string> calls) = await TraceAsync(async server => await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => new UserService.UserServiceClient(server.Connect()).AddUserAsync("Ada"))));

        Assert.All(users, user => AssertSyncedBeforeAnswered(user, calls));
        Assert.InRange(calls.Count(IsSync), 1, users.Count - 1);
    }

    private async Task<(IReadOnlyList<User> Users, IReadOnlyList<string> Calls)> TraceAsync(
        Func<ServerProcess, Task<IReadOnlyList<User>>> create)
    {
        await Tools.RequireStraceAsync();
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        // The first call of all connects, and the first write begins the write-ahead log.
        await server.Client.AddUserAsync("Grace");
        using Strace strace = await Strace.AttachAsync(server.Process, _folder.File("calls"));
        IReadOnlyList<User> users = await create(server);
        return (users, await strace.EndAsync());
    }

    private static bool IsSync(string call) =>
        call.StartsWith('f') && call.Contains("-wal>)", StringComparison.Ordinal) && call.EndsWith("= 0", StringComparison.Ordinal);

    private static void AssertSyncedBeforeAnswered(User user, IReadOnlyList<string> calls)
    {
        Assert.Contains(calls, call => Carries(call, "send", user));
        Assert.Contains(calls.SkipWhile(call => !Carries(call, "recv", user)).TakeWhile(call => !Carries(call, "send", user)), IsSync);
    }

    private static bool Carries(string call, string direction, User user) =>
        call.StartsWith(direction, StringComparison.Ordinal) && call.Contains(user.Email, StringComparison.Ordinal);
}
