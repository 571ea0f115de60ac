using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>What docs/resuming.md shows, while the server is killed and started again.</summary>
public sealed class ResumingTests : IAsyncDisposable
{
    private const int Count = 4_000;

    private readonly TestFolder _folder = new();
    private ServerProcess? _server;
    // Outlives the server, as a client's does.
    private GrpcChannel? _channel;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await KillAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_list_goes_on_over_a_killed_server_and_has_each_user_once()
    {
        UserService.UserServiceClient client = await StartAsync();
        await UploadAsync(client, People());
        List<string> names = [];

        await foreach (User user in ListAllAsync(client, Token))
        {
            names.Add(user.Name);
            if (names.Count == 10)
            {
                await KillAndStartAsync();
            }
        }

        Assert.Equal(People().Select(person => person.Name), names);
    }

    [Fact]
    public async Task An_upload_that_is_sent_again_creates_each_user_once()
    {
        UserService.UserServiceClient client = await StartAsync();
        CreateUserRequest[] people = [.. People()];
        await UploadAsync(client, people[..1_000]);

        CreateUsersResponse again = await UploadAsync(client, people);

        Assert.Equal((Count - 1_000, 1_000, 0), (again.UserCount, again.ExistingCount, again.FailedCount));
    }

    [Fact]
    public async Task A_chat_goes_on_over_a_killed_server_and_has_each_message_once()
    {
        UserService.UserServiceClient client = await StartAsync();
        User ada = await client.AddUserAsync("Ada");
        await SayAsync(client, ada.Id, "1", "2", "3");
        List<long> heard = [];

        await foreach (ChatMessage message in ListenAsync(client, ada.Id, after: 0, Token))
        {
            heard.Add(message.Sequence);
            if (heard.Count == 3)
            {
                await KillAndStartAsync();
                await SayAsync(_server!.Client, ada.Id, "4", "5");
            }

            if (heard.Count == 5)
            {
                break;
            }
        }

        Assert.Equal([1, 2, 3, 4, 5], heard);
    }

    [Fact]
    public async Task Lines_that_are_said_again_over_killed_servers_are_each_said_once()
    {
        UserService.UserServiceClient client = await StartAsync();
        User ada = await client.AddUserAsync("Ada");
        string[] lines = [.. Enumerable.Range(1, Count).Select(number => $"line {number}")];
        Task saying = SayAllAsync(client, ada.Id, lines, Token);
        List<string> heard = [];

        await foreach (ChatMessage message in ListenAsync(client, ada.Id, after: 0, Token))
        {
            heard.Add(message.Message);
            if (heard.Count % 1_000 == 500)
            {
                await KillAndStartAsync();
            }

            if (heard.Count == Count)
            {
                break;
            }
        }

        await saying;
        await SayAsync(_server!.Client, ada.Id, "the last");
        Assert.Equal(lines, heard);
        await foreach (ChatMessage message in ListenAsync(client, ada.Id, after: Count, Token))
        {
            Assert.Equal((Count + 1, "the last"), (message.Sequence, message.Message));
            break;
        }
    }

    #region list
    private static async IAsyncEnumerable<User> ListAllAsync(
        UserService.UserServiceClient users, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string afterId = "";
        while (true)
        {
            using AsyncServerStreamingCall<User> call = users.ListUsers(new() { AfterId = afterId }, cancellationToken: cancellationToken);
            while (await MoveNextAsync(call.ResponseStream, cancellationToken) is { } more)
            {
                if (!more)
                {
                    yield break;
                }

                afterId = call.ResponseStream.Current.Id;
                yield return call.ResponseStream.Current;
            }
        }
    }
    #endregion

    #region next
    /// <summary>Whether there is a next message; null: the stream broke, and a new call goes on.</summary>
    private static async Task<bool?> MoveNextAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100, 300)), cancellationToken);
            return null;
        }
    }
    #endregion

    #region chat
    private static async IAsyncEnumerable<ChatMessage> ListenAsync(
        UserService.UserServiceClient users, string userId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = users.ChatUsers(cancellationToken: cancellationToken);
            Task join = call.RequestStream.WriteAsync(new ChatMessage { UserId = userId, AfterSequence = after }, cancellationToken);
            // Where it fails, the first read says why.
            await join.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (await MoveNextAsync(call.ResponseStream, cancellationToken) is true)
            {
                after = call.ResponseStream.Current.Sequence;
                yield return call.ResponseStream.Current;
            }
        }
    }
    #endregion

    #region say
    private static async Task SayAllAsync(
        UserService.UserServiceClient users, string userId, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        // Drawn once for each message, whatever the number of calls.
        List<ChatMessage> unheard = [.. texts.Select(text => new ChatMessage { Message = text, RequestId = $"{Guid.CreateVersion7()}" })];
        while (unheard.Count > 0)
        {
            using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = users.ChatUsers(cancellationToken: cancellationToken);
            Task saying = WriteAllAsync(call.RequestStream, [new() { UserId = userId }, .. unheard], cancellationToken);
            while (unheard.Count > 0 && await MoveNextAsync(call.ResponseStream, cancellationToken) is true)
            {
                string back = call.ResponseStream.Current.RequestId;
                unheard.RemoveAll(message => message.RequestId == back);
            }

            // Where it failed, the reads have said why.
            await saying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
    #endregion

    private static async Task WriteAllAsync(
        IClientStreamWriter<ChatMessage> stream, IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        foreach (ChatMessage message in messages)
        {
            await stream.WriteAsync(message, cancellationToken);
        }
    }

    private async Task<UserService.UserServiceClient> StartAsync()
    {
        _server = await ServerProcess.StartAsync(_folder.Database);
        _channel = GrpcChannel.ForAddress(_server.Address);
        return new UserService.UserServiceClient(_channel);
    }

    private async Task KillAndStartAsync()
    {
        string address = _server!.Address;
        await KillAsync();
        _server = await ServerProcess.StartAsync(_folder.Database, $"Kestrel__Endpoints__Grpc__Url={address}");
    }

    private async Task KillAsync()
    {
        ServerProcess? killed = _server;
        _server = null;
        await (killed?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static IEnumerable<CreateUserRequest> People() => Enumerable.Range(0, Count).Select(i => new CreateUserRequest
    {
        Name = $"Person {i}",
        Email = $"person.{i}@example.com",
        RequestId = $"00000000-0000-4000-8000-{i:d12}",
    });

    private static async Task<CreateUsersResponse> UploadAsync(UserService.UserServiceClient users, IEnumerable<CreateUserRequest> people)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> call = users.CreateUsers(cancellationToken: Token);
        foreach (CreateUserRequest person in people)
        {
            await call.RequestStream.WriteAsync(person, Token);
        }

        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private static async Task SayAsync(UserService.UserServiceClient users, string userId, params string[] texts)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = users.ChatUsers(cancellationToken: Token);
        foreach (string text in texts.Prepend(""))
        {
            await call.RequestStream.WriteAsync(new ChatMessage { UserId = userId, Message = text }, Token);
        }

        await call.RequestStream.CompleteAsync();
        await foreach (ChatMessage _ in call.ResponseStream.ReadAllAsync(Token))
        {
        }
    }
}
