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

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "An empty database of PostgreSQL: then to subscribers of the speaker's replica, and to those of another one, in turn.",
    };

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 1 };

    public FanoutCommand()
        : base("fanout", "Chat messages of 200 bytes to many subscribers, some of them stalled: messages per second, memory.")
    {
        Options.Add(_subscribers);
        Options.Add(_stalled);
        Options.Add(_messages);
        Options.Add(_connection);
        Options.Add(_rounds);
        SetAction((parsed, _) => RunAsync(
            parsed.GetValue(_subscribers) - parsed.GetValue(_stalled),
            parsed.GetValue(_stalled),
            parsed.GetValue(_messages),
            parsed.GetValue(_connection),
            parsed.GetValue(_rounds)));
    }

    private static async Task<int> RunAsync(int readers, int stalling, int messages, string? connection, int rounds)
    {
        List<(double Here, double Elsewhere)> delivered = [];
        var report = new Report(
            "fanout", "subscribers", "stalled", "messages", "stored/s", "delivered/s", "idle, MiB", "joined, MiB", "peak, MiB", "with the stalled, MiB");
        for (int round = 0; round < rounds; round++)
        {
            double here = await MeasureAsync(report, readers, stalling, messages, connection, isElsewhere: false);
            if (connection is not null)
            {
                delivered.Add((here, await MeasureAsync(report, readers, stalling, messages, connection, isElsewhere: true)));
            }
        }

        string[] remarks = delivered.Count == 0 ? [] : [$"Delivered on another replica / on the speaker's: {Figures.Median(delivered, pair => pair.Elsewhere / pair.Here):f2}."];
        await report.EndAsync(["Each subscriber, the stalled too, has every message in order.", .. remarks]);
        return 0;
    }

    private static async Task<double> MeasureAsync(Report report, int readers, int stalling, int messages, string? connection, bool isElsewhere)
    {
        string[] settings = connection is null ? [] : ["Database__Provider=PostgreSql", $"ConnectionStrings__Users={connection}"];
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings);
        await using ServerUnderTest? other = isElsewhere ? await ServerUnderTest.StartAsync(settings) : null;
        ServerUnderTest heard = other ?? server;
        UserService.UserServiceClient client = server.Connect();
        User ada = await client.CreateUserAsync(new CreateUserRequest { Name = "Ada Lovelace", Email = $"{Guid.NewGuid():n}@example.com" });
        double idle = await heard.Process.MemoryAsync("VmRSS");

        // Who stalls has a connection of its own, or all of its connection would wait for it.
        var stalled = new List<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>>();
        for (int i = 0; i < stalling; i++)
        {
            stalled.Add(await JoinAsync(heard.Connect(), ada));
        }

        var reading = new List<Task>();
        UserService.UserServiceClient listener = heard.Connect();
        for (int i = 0; i < readers; i++)
        {
            reading.Add(ReadAsync(await JoinAsync(listener, ada), messages));
        }

        double joined = await heard.Process.MemoryAsync("VmRSS");
        long start = Stopwatch.GetTimestamp();
        await SpeakAsync(client, ada, messages);
        double spoken = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Console.Error.WriteLineAsync($"All {messages} messages are stored.");
        await Task.WhenAll(reading);
        double delivered = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Console.Error.WriteLineAsync("All subscribers but the stalled have them.");
        double peak = await heard.Process.MemoryAsync("VmHWM");
        await Task.WhenAll(stalled.Select(call => ReadAsync(call, messages)));

        double last = await heard.Process.MemoryAsync("VmHWM");

        report.Add(
            $"{readers + stalling}{(connection is null ? "" : isElsewhere ? ", on another replica" : ", on the speaker's replica")}",
            $"{stalling}",
            $"{messages}",
            $"{messages / spoken:n0}",
            $"{(double)messages * readers / delivered:n0}",
            $"{idle:n0}",
            $"{joined:n0}",
            $"{peak:n0}",
            $"{last:n0}");
        return messages * readers / delivered;
    }

    private static async Task<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>> JoinAsync(UserService.UserServiceClient client, User user)
    {
        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers();
        await call.RequestStream.WriteAsync(new ChatMessage { UserId = user.Id, Room = user.Id, AfterSequence = 0 });
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
