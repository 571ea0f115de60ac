using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>SIGTERM with a thousand streams open.</summary>
public sealed class DrainTests : IDisposable
{
    private const int Connections = 10;
    private const int ListenersEach = 60;
    private const int UploadsEach = 40;

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_thousand_streams_all_end_with_SHUTTING_DOWN_and_the_process_with_code_0()
    {
        // However slow this machine is, no stream is reset before it has ended by itself: else it would say so in the log.
        await using ServerProcess server = await ServerProcess.StartAsync(
            _folder.Database, "Limits__DrainWindow=00:00:02", "Limits__StreamGrace=01:00:00", "Limits__ShutdownTimeout=01:00:00");
        User ada = await server.Client.AddUserAsync("Ada");
        List<Func<Task>> ends = [];
        for (int i = 0; i < Connections; i++)
        {
            ends.AddRange(await OpenAsync(server.Connect(), ada, $"upload{i}"));
        }

        Assert.Equal(1_000, ends.Count);
        // Each waits for its end before the signal is sent.
        Task<string>[] reasons = [.. ends.Select(end => Failure.ReasonAsync(StatusCode.Unavailable, end))];
        long start = Stopwatch.GetTimestamp();

        server.Process.Signal(ChildProcess.SigTerm);

        Assert.All(await Task.WhenAll(reasons), reason => Assert.Equal("SHUTTING_DOWN", reason));
        Assert.Equal(0, await server.Process.EndAsync());
        // New connections were answered for the whole window.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(2), TimeSpan.MaxValue);
        Assert.Empty(server.Process.Error.All);
        Assert.DoesNotContain("fail:", server.Process.Output.ToString());
        Assert.DoesNotContain("streams did not end", server.Process.Output.ToString());
    }

    /// <summary>Opens one connection's share of the streams, and answers how each is read to its end.</summary>
    private static async Task<List<Func<Task>>> OpenAsync(GrpcChannel channel, User user, string name)
    {
        var client = new UserService.UserServiceClient(channel);
        AsyncDuplexStreamingCall<ChatMessage, ChatMessage>[] chats =
            [.. Enumerable.Range(0, ListenersEach).Select(_ => client.ChatUsers(cancellationToken: Token))];
        AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse>[] uploads =
            [.. Enumerable.Range(0, UploadsEach).Select(_ => client.CreateUsers(cancellationToken: Token))];
        foreach ((int i, AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload) in uploads.Index())
        {
            await upload.RequestStream.WriteAsync(new() { Name = "Grace", Email = $"{name}.{i}@example.com" }, Token);
        }

        foreach (AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat in chats)
        {
            await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Room = name, Message = "hello" }, Token);
        }

        // An echo to each, so the server has them all; the rest of what the room says is read to the end.
        foreach (AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat in chats)
        {
            Assert.True(await chat.ResponseStream.MoveNext(Token));
        }

        // Answered after all of these on the same connection.
        await client.GetAsync(user.Id);
        return [
            .. chats.Select<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>, Func<Task>>(chat => () => ReadAllAsync(chat.ResponseStream)),
            .. uploads.Select<AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse>, Func<Task>>(upload => () => upload.ResponseAsync)];
    }

    private static async Task ReadAllAsync(IAsyncStreamReader<ChatMessage> stream)
    {
        while (await stream.MoveNext(Token))
        {
        }
    }
}
