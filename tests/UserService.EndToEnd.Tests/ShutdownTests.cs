using System.Diagnostics;
using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>SIGTERM, as an orchestrator sends it.</summary>
public sealed class ShutdownTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ChildProcess.SigTerm)]
    [InlineData(ChildProcess.SigInt)]
    public async Task An_idle_server_ends_with_code_0(int signal)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);

        server.Process.Signal(signal);

        Assert.Equal(0, await server.Process.EndAsync());
        Assert.Empty(server.Process.Error.All);
        // The last connection took the write-ahead log with it: the database was closed, not dropped.
        Assert.False(File.Exists(_folder.Database + "-wal"));
    }

    [Fact]
    public async Task Open_streams_end_with_SHUTTING_DOWN()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        User ada = await server.Client.AddUserAsync("Ada");
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = server.Client.CreateUsers(cancellationToken: Token);
        await upload.RequestStream.WriteAsync(new() { Name = "Grace", Email = "grace@example.com" }, Token);
        // Answered on the same connection, so the server has the upload.
        await server.Client.GetAsync(ada.Id);

        server.Process.Signal(ChildProcess.SigTerm);

        Assert.Equal("SHUTTING_DOWN", await Failure.ReasonAsync(StatusCode.Unavailable, () => chat.ResponseStream.MoveNext(Token)));
        Assert.Equal("SHUTTING_DOWN", await Failure.ReasonAsync(StatusCode.Unavailable, () => upload.ResponseAsync));
        Assert.Equal(0, await server.Process.EndAsync());
        Assert.Empty(server.Process.Error.All);
    }

    [Fact]
    public async Task A_list_whose_reader_is_stalled_does_not_hold_up_the_end()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        await FillAsync(server.Client);
        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: Token);
        Assert.True(await list.ResponseStream.MoveNext(Token));
        long start = Stopwatch.GetTimestamp();

        Assert.Equal(0, await server.StopAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await Failure.ReasonAsync(StatusCode.Unavailable, () => ReadAllAsync(list));
    }

    // About 5 MB, more than the windows of HTTP/2 and the sockets' buffers take: the server waits for its reader.
    private static async Task FillAsync(UserService.UserServiceClient client)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = client.CreateUsers(cancellationToken: Token);
        for (int i = 0; i < 15_000; i++)
        {
            await upload.RequestStream.WriteAsync(new() { Name = new string('a', 200), Email = $"{i}@example.com" }, Token);
        }

        await upload.RequestStream.CompleteAsync();
        Assert.Equal(15_000, (await upload).UserCount);
    }

    private static async Task ReadAllAsync(AsyncServerStreamingCall<User> list)
    {
        while (await list.ResponseStream.MoveNext(Token))
        {
        }
    }
}
