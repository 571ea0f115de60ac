using BenchmarkDotNet.Attributes;
using Users.Data;

namespace Users.Benchmarks.Hot;

/// <summary>One message, from its post until every subscriber of the room has read it.</summary>
[MemoryDiagnoser]
public class ChatDeliveryBenchmarks
{
    private const string Room = "lobby";

    private readonly string _text = new('x', 200);
    private HotStore _store = null!;
    private ChatSubscription[] _subscriptions = [];

    [Params(1, 10, 1_000)]
    public int Subscribers { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _store = new HotStore(UserRepository.MaxBatch);
        _subscriptions = new ChatSubscription[Subscribers];
        for (int i = 0; i < Subscribers; i++)
        {
            _subscriptions[i] = (await _store.Chat.SubscribeAsync(Room, null, CancellationToken.None))!;
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        Array.ForEach(_subscriptions, subscription => subscription.Dispose());
        _store.Dispose();
    }

    [Benchmark]
    public async Task Deliver()
    {
        Task read = Task.WhenAll(_subscriptions.Select(subscription => subscription.ReadAsync(CancellationToken.None).AsTask()));
        await _store.Chat.PostAsync(Room, _store.Ids[0], [new NewMessage(_text)], CancellationToken.None);
        await read;
    }
}
