using System.Diagnostics;
using Grpc.Core;
using Users.EndToEnd.Tests.Killing;
using Users.EndToEnd.Tests.Support;
using Users.Tests.Support.PostgreSql;
using Users.V1;

namespace Users.EndToEnd.Tests.PostgreSql;

/// <summary>A replica that stands still (SIGSTOP), often in the middle of a commit, with the lock of a room.</summary>
public sealed class PausedReplicaTests
{
    private const string Room = "lobby";
    private const int Speakers = 4;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    private readonly List<string> _acknowledged = [];
    private readonly Progress _progress = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_keeps_no_other_replica_waiting_for_long_and_goes_on_itself()
    {
        PostgreSqlCluster cluster = PostgreSqlCluster.Require();
        string database = cluster.Create();
        Random random = Kills.Choose();
        await using ServerProcess paused = await ReplicaKillTests.StartAsync(cluster, database);
        await using ServerProcess other = await ReplicaKillTests.StartAsync(cluster, database);
        User ada = await other.Client.AddUserAsync("Ada");
        using var stop = new CancellationTokenSource();
        Task<int> listening = ListenAsync(paused.Client, ada, stop.Token);
        Task[] speaking = [.. Enumerable.Range(0, Speakers).Select(_ => SpeakAsync(paused.Client, ada, stop.Token))];
        TimeSpan longest = TimeSpan.Zero;
        int pauses = Kills.Asked / 4 ?? 2;
        for (int round = 0; round < pauses; round++)
        {
            await AcknowledgedAsync(random.Next(20, 200));
            paused.Process.Signal(ChildProcess.SigStop);
            long start = Stopwatch.GetTimestamp();
            await SayAsync(other.Client, ada, $"{Guid.NewGuid()}");
            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            longest = waited > longest ? waited : longest;
            paused.Process.Signal(ChildProcess.SigCont);
        }

        await AcknowledgedAsync(20);
        await stop.CancelAsync();
        await Task.WhenAll(speaking).WaitAsync(ChildProcess.Patience, Token);
        // The listener ends with the last message of the room.
        await SayAsync(other.Client, ada, "end");
        int heard = await listening.WaitAsync(ChildProcess.Patience, Token);

        List<ChatMessage> log = await other.Client.ReadRoomAsync(ada.Id, Room);
        Assert.Equal(log.Count, heard);
        string[] texts = [.. log.Select(message => message.Message)];
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.Empty(_acknowledged.Except(texts));
        TestContext.Current.SendDiagnosticMessage(
            "{0} pauses of a replica; all of {1} acknowledged messages are there once; the other replica's messages waited for {2:0.0} s at most.",
            pauses, _acknowledged.Count, longest.TotalSeconds);
        Assert.True(longest < Enough, $"The other replica's message waited for {longest}.");
    }

    /// <summary>Hears the room until its last message, over as many calls as it takes.</summary>
    /// <returns>How many messages there were, each in its turn.</returns>
    private static async Task<int> ListenAsync(UserService.UserServiceClient client, User user, CancellationToken stop)
    {
        int heard = 0;
        while (true)
        {
            try
            {
                using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers(cancellationToken: Token);
                await call.RequestStream.WriteAsync(new() { UserId = user.Id, Room = Room, AfterSequence = heard }, Token);
                while (await call.ResponseStream.MoveNext(Token))
                {
                    Assert.Equal(++heard, call.ResponseStream.Current.Sequence);
                    if (stop.IsCancellationRequested && call.ResponseStream.Current.Message is "end")
                    {
                        return heard;
                    }
                }
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable)
            {
                // Again, from where it was.
            }
        }
    }

    private async Task SpeakAsync(UserService.UserServiceClient client, User user, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await SayAsync(client, user, $"{Guid.NewGuid()}");
        }
    }

    /// <summary>Says a message until it has come back, each time under the same request id, so it is said once.</summary>
    private async Task SayAsync(UserService.UserServiceClient client, User user, string text)
    {
        string requestId = $"{Guid.NewGuid()}";
        while (true)
        {
            try
            {
                using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers(cancellationToken: Token);
                await call.RequestStream.WriteAsync(
                    new() { UserId = user.Id, Room = Room, Message = text, RequestId = requestId }, Token);
                while (await call.ResponseStream.MoveNext(Token))
                {
                    if (call.ResponseStream.Current.Message == text)
                    {
                        Acknowledge(text);
                        return;
                    }
                }
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable)
            {
                // Again.
            }
        }
    }

    private void Acknowledge(string text)
    {
        lock (_acknowledged)
        {
            _acknowledged.Add(text);
        }

        _progress.Add();
    }

    private Task AcknowledgedAsync(int count) => _progress.MakeAsync(count).WaitAsync(ChildProcess.Patience, Token);
}
