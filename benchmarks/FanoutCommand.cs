using System.CommandLine;
using System.Diagnostics;
using Grpc.Core;
using Users.V1;

namespace Users.Benchmarks;

/// <summary>
/// One speaks, many listen, and some of them read nothing until the others have everything. Fails unless each ends with every
/// message in order.
/// </summary>
internal sealed class FanoutCommand : Command
{
    private static readonly string Text = new('x', 200);

    private readonly Option<int> _subscribers = new("--subscribers") { DefaultValueFactory = _ => 1_000 };
    private readonly Option<int> _stalled = new("--stalled") { Description = "How many of them stall.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _messages = new("--messages") { DefaultValueFactory = _ => 10_000 };

    public FanoutCommand()
        : base("fanout", "Chat messages of 200 bytes to many subscribers, some of them stalled: messages per second, memory.")
    {
        Options.Add(_subscribers);
        Options.Add(_stalled);
        Options.Add(_messages);
        SetAction((parsed, _) => RunAsync(
            parsed.GetValue(_subscribers) - parsed.GetValue(_stalled), parsed.GetValue(_stalled), parsed.GetValue(_messages)));
    }

    private static async Task<int> RunAsync(int readers, int stalling, int messages)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        UserService.UserServiceClient client = server.Connect();
        User ada = await client.CreateUserAsync(new CreateUserRequest { Name = "Ada Lovelace", Email = "ada@example.com" });
        double idle = await server.Process.MemoryAsync("VmRSS");

        // Who stalls has a connection of its own, or all of its connection would wait for it.
        var stalled = new List<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>>();
        for (int i = 0; i < stalling; i++)
        {
            stalled.Add(await JoinAsync(server.Connect(), ada));
        }

        var reading = new List<Task>();
        UserService.UserServiceClient listener = server.Connect();
        for (int i = 0; i < readers; i++)
        {
            reading.Add(ReadAsync(await JoinAsync(listener, ada), messages));
        }

        double joined = await server.Process.MemoryAsync("VmRSS");
        long start = Stopwatch.GetTimestamp();
        await SpeakAsync(client, ada, messages);
        double spoken = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Console.Error.WriteLineAsync($"All {messages} messages are stored.");
        await Task.WhenAll(reading);
        double delivered = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Console.Error.WriteLineAsync("All subscribers but the stalled have them.");
        double peak = await server.Process.MemoryAsync("VmHWM");
        await Task.WhenAll(stalled.Select(call => ReadAsync(call, messages)));

        double last = await server.Process.MemoryAsync("VmHWM");

        Console.WriteLine(
            "| subscribers | stalled | messages | stored/s | delivered/s | idle, MiB | joined, MiB | peak, MiB | with the stalled, MiB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        Console.WriteLine(
            $"| {readers + stalling} | {stalling} | {messages} | {messages / spoken:n0} | {(double)messages * readers / delivered:n0} "
            + $"| {idle:n0} | {joined:n0} | {peak:n0} | {last:n0} |");
        Console.WriteLine("Each subscriber, the stalled too, has every message in order.");
        return 0;
    }

    private static async Task<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>> JoinAsync(UserService.UserServiceClient client, User user)
    {
        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers();
        await call.RequestStream.WriteAsync(new ChatMessage { UserId = user.Id, AfterSequence = 0 });
        return call;
    }

    private static async Task SpeakAsync(UserService.UserServiceClient client, User user, int messages)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = await JoinAsync(client, user);
        Task echoes = ReadAsync(call, messages);
        for (int i = 0; i < messages; i++)
        {
            await call.RequestStream.WriteAsync(new ChatMessage { Message = Text });
        }

        await echoes;
    }

    private static async Task ReadAsync(AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call, int messages)
    {
        for (int expected = 1; expected <= messages; expected++)
        {
            if (!await call.ResponseStream.MoveNext()
                || call.ResponseStream.Current.Sequence != expected
                || call.ResponseStream.Current.Message != Text)
            {
                throw new InvalidOperationException($"A subscriber got something else than message {expected}.");
            }
        }
    }
}
