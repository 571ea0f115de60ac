using Grpc.Core;
using Users.Server.Tests.Support;
using Users.Server.Users;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>What uploads hold in memory, whatever their callers send and however many they are.</summary>
[Collection<Alone>]
public sealed class ImportMemoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_a_refused_user_is_kept_but_what_the_answer_says()
    {
        const int Users = 900;
        await using RunningServer server = await RunningServer.StartAsync();
        var stream = new Fed(Enumerable.Range(0, Users).Select(i => new CreateUserRequest { Name = new string('x', 30_000), Email = $"{i}" }));
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Task<CreateUsersResponse> call = server.Get<UserImport>().RunAsync(stream, Token);
        await stream.Drained.WaitAsync(TimeSpan.FromMinutes(1), Token);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        stream.Complete();

        // All of them would be 54 MB.
        Assert.InRange(held, long.MinValue, 5_000_000);
        CreateUsersResponse answer = await call;
        Assert.Equal((Users, 20), (answer.FailedCount, answer.Failures.Count));
    }

    [Fact]
    public async Task Uploads_that_wait_for_the_writer_are_read_no_further_than_their_budget()
    {
        const int Uploads = 20;
        const int UsersEach = 8_000;
        await using RunningServer server = await RunningServer.StartAsync("--Limits:StoreBusy=00:05:00", "--Logging:LogLevel:Microsoft.EntityFrameworkCore=Debug");
        UserImport import = server.Get<UserImport>();
        Fed[] streams = [.. Enumerable.Range(0, Uploads).Select(upload => Fed.Whole(Enumerable.Range(0, UsersEach).Select(
            i => new CreateUserRequest { Name = new string('x', 200), Email = $"{upload}.{i}@example.com" })))];
        Task<CreateUsersResponse>[] calls;
        using (var held = new HeldDatabase(server))
        {
            // Each runs until it has to wait: everything that it reads is there at once.
            calls = [.. streams.Select(stream => import.RunAsync(stream, Token))];

            long bytes = streams.Sum(stream => stream.Read) * (256 + (2 * 200));
            Assert.InRange(bytes, 8 * 1024 * 1024, 1024 * (UserImport.MaxWaitingKilobytes + (Uploads * ImportBatch.MaxKilobytes)));
            Assert.All(streams, stream => Assert.InRange(stream.Read, 1, UsersEach - 1));
        }

        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal(UsersEach, answer.UserCount));
    }

    /// <summary>A client's stream whose messages are all there already; it ends when the test says so.</summary>
    private sealed class Fed(IEnumerable<CreateUserRequest> messages) : IAsyncStreamReader<CreateUserRequest>
    {
        private readonly IEnumerator<CreateUserRequest> _messages = messages.GetEnumerator();
        private readonly TaskCompletionSource _drained = new();
        private readonly TaskCompletionSource<bool> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CreateUserRequest Current => _messages.Current;

        public long Read { get; private set; }

        public Task Drained => _drained.Task;

        public static Fed Whole(IEnumerable<CreateUserRequest> messages)
        {
            var stream = new Fed(messages);
            stream.Complete();
            return stream;
        }

        public void Complete() => _end.TrySetResult(false);

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_messages.MoveNext())
            {
                Read++;
                return Task.FromResult(true);
            }

            _drained.TrySetResult();
            return _end.Task;
        }
    }
}
