using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

public sealed class StalledReaderTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // A thousand times 200 bytes are more than the windows and buffers of a stream hold. By the thousand: the benchmark fanout.
    [Fact]
    public async Task Of_a_hundred_subscribers_each_gets_every_message_in_order_also_the_one_that_stalls()
    {
        const int Speakers = 10;
        const int Messages = 1_000;
        ServerProcess server = shared.Server;
        User ada = await server.Client.AddUserAsync("Ada");
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> stalled =
            await JoinAsync(new UserService.UserServiceClient(server.Connect()), ada);
        Task<List<ChatMessage>>[] readers = [.. Enumerable.Range(0, 99 - Speakers).Select(_ => TalkAsync(server.Client, ada, 0))];
        Task<List<ChatMessage>>[] speakers =
            [.. Enumerable.Range(0, Speakers).Select(_ => TalkAsync(server.Client, ada, Messages / Speakers))];

        List<ChatMessage>[] heard = await Task.WhenAll([.. readers, .. speakers]).WaitAsync(ChildProcess.Patience, Token);

        Assert.Equal(Enumerable.Range(1, Messages).Select(sequence => (long)sequence), heard[0].Select(message => message.Sequence));
        Assert.All(heard, messages => Assert.Equal(heard[0], messages));
        Assert.Equal(heard[0], await ReadAsync(stalled));

        static async Task<List<ChatMessage>> TalkAsync(UserService.UserServiceClient client, User user, int count)
        {
            using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = await JoinAsync(client, user);
            Task<List<ChatMessage>> reading = ReadAsync(call);
            for (int i = 0; i < count; i++)
            {
                await call.RequestStream.WriteAsync(new ChatMessage { Message = $"{Guid.NewGuid()} {new string('x', 163)}" }, Token);
            }

            return await reading;
        }

        static async Task<List<ChatMessage>> ReadAsync(AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call)
        {
            List<ChatMessage> messages = [];
            while (messages.Count < Messages && await call.ResponseStream.MoveNext(Token))
            {
                messages.Add(call.ResponseStream.Current);
            }

            return messages;
        }
    }

    private static async Task<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>> JoinAsync(UserService.UserServiceClient client, User user)
    {
        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ChatMessage { UserId = user.Id, Room = user.Id, AfterSequence = 0 }, Token);
        return call;
    }
}
