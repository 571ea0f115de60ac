using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Budgets;

/// <summary>What each call asks of the store, by the store's spans; how many queries and commits each of these takes is the store's tests'.</summary>
public sealed class StoreCallTests
{
    private const int Batch = 1_000;

    // Measured 2: what has come first, and what has come by the time that it is stored.
    private const int PostsOfBurst = 3;

    private static readonly string Nobody = $"{Guid.Empty}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unary_call_is_one_call_of_the_store()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        UserService.UserServiceClient client = server.Client;
        User ada = await server.AddUserAsync();

        await AssertAsync("FindAsync", metadata => client.GetUserAsync(new() { Id = ada.Id }, metadata, cancellationToken: Token).ResponseAsync);
        await AssertAsync(
            "CreateAsync",
            metadata => client.CreateUserAsync(new() { Name = "Eve", Email = "eve@example.com" }, metadata, cancellationToken: Token).ResponseAsync);
        await AssertAsync(
            "UpdateAsync",
            metadata => client.UpdateUserAsync(new() { Id = ada.Id, Name = "Eve" }, metadata, cancellationToken: Token).ResponseAsync);
        await AssertAsync("DeleteAsync", metadata => client.DeleteUserAsync(new() { Id = ada.Id }, metadata, cancellationToken: Token).ResponseAsync);
        await AssertAsync("FindAsync", metadata => Failure.OfAsync(client.GetUserAsync(new() { Id = Nobody }, metadata, cancellationToken: Token)));

        static async Task AssertAsync(string operation, Func<Metadata, Task> call)
        {
            using var spans = new StoreSpans();
            // Of another test, which runs at the same time.
            using var others = new StoreSpans();
            await call(spans.Metadata);
            Assert.Equal([operation], spans.Ended);
            Assert.Empty(others.Ended);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(Batch, 1)]
    [InlineData(10 * Batch, 10)]
    [InlineData(10 * Batch + 1, 11)]
    public async Task An_upload_is_a_write_and_so_at_most_a_commit_for_each_batch(int users, int writes)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var spans = new StoreSpans();
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(spans.Metadata, cancellationToken: Token);
        for (int i = 0; i < users; i++)
        {
            await import.RequestStream.WriteAsync(new() { Name = "Ada", Email = $"ada{i}@example.com" }, Token);
        }

        await import.RequestStream.CompleteAsync();

        Assert.Equal(users, (await import).UserCount);
        Assert.Equal(Enumerable.Repeat("CreateManyAsync", writes), spans.Ended);
    }

    [Fact]
    public async Task Joining_a_room_is_a_look_up_of_the_speaker_and_of_the_rooms_end()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync();
        using var spans = new StoreSpans();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(spans.Metadata, cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id }, Token);
        await chat.RequestStream.CompleteAsync();

        Assert.False(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal(["FindAsync", "SubscribeAsync"], spans.Ended);
    }

    [Fact]
    public async Task What_is_said_while_the_writer_is_busy_is_one_post()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:StoreBusy=00:01:00");
        User ada = await server.AddUserAsync();
        using var spans = new StoreSpans();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(spans.Metadata, cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id }, Token);
        await chat.ResponseHeadersAsync;
        var held = new HeldDatabase(server);
        for (int i = 0; i < 100; i++)
        {
            await chat.RequestStream.WriteAsync(new() { Message = "hello" }, Token);
        }

        // On the same connection, so that all which was sent before it has arrived.
        await server.Client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token);
        held.Dispose();

        await chat.RequestStream.CompleteAsync();
        Assert.Equal(100, await chat.ResponseStream.ReadAllAsync(Token).CountAsync(Token));
        Assert.InRange(spans.Ended.Count(operation => operation == "PostAsync"), 1, PostsOfBurst);
    }
}
