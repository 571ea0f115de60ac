using Grpc.Core;
using Grpc.Health.V1;
using Users.V1;

namespace Users.Benchmarks.Hold;

internal static class Readers
{
    private const int Stalled = 200;

    public static async Task<string> WatchAsync(HoldSession session)
    {
        int refused = 0;
        for (int connection = 0; connection < 8; connection++)
        {
            var health = new Health.HealthClient(session.ConnectInvoker());
            for (int watch = 0; watch < 100; watch++)
            {
                AsyncServerStreamingCall<HealthCheckResponse> call = session.Keep(
                    health.Watch(new HealthCheckRequest { Service = $"{connection}.{watch}.{new string('x', 60_000)}" }));
                try
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }
                catch (RpcException)
                {
                    refused++;
                }
            }
        }

        return $"{refused} were refused";
    }

    public static async Task<string> ListAsync(HoldSession session)
    {
        string name = string.Concat(Enumerable.Repeat("\U0001F600", 200));
        using (AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = session.Client.CreateUsers())
        {
            for (int i = 0; i < 5_000; i++)
            {
                await import.RequestStream.WriteAsync(new CreateUserRequest { Name = name, Email = $"{new string('x', 60)}{i}@example.com" });
            }

            await import.RequestStream.CompleteAsync();
            await import;
        }

        for (int i = 0; i < Stalled; i++)
        {
            AsyncServerStreamingCall<User> list = session.Keep(session.Connect().ListUsers(new ListUsersRequest()));
            // Past the first page, which is small.
            for (int read = 0; read <= 50; read++)
            {
                await list.ResponseStream.MoveNext(CancellationToken.None);
            }
        }

        return "";
    }

    public static async Task<string> ChatAsync(HoldSession session)
    {
        User ada = await session.AddUserAsync();
        for (int i = 0; i < Stalled; i++)
        {
            AsyncDuplexStreamingCall<ChatMessage, ChatMessage> reader = session.Keep(session.Connect().ChatUsers());
            await reader.RequestStream.WriteAsync(new ChatMessage { UserId = ada.Id });
            await reader.ResponseHeadersAsync;
        }

        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> speaker = session.Keep(session.Client.ChatUsers());
        await speaker.RequestStream.WriteAsync(new ChatMessage { UserId = ada.Id });
        string text = string.Concat(Enumerable.Repeat("\U0001F600", 4_000));
        for (int i = 0; i < 500; i++)
        {
            await speaker.RequestStream.WriteAsync(new ChatMessage { Message = text });
            // Heard, so it is stored.
            await speaker.ResponseStream.MoveNext(CancellationToken.None);
        }

        return "";
    }
}
