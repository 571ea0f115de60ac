using BenchmarkDotNet.Attributes;
using Users.Data;

namespace Users.Benchmarks.Hot;

/// <summary>One user by its id, of 100 000.</summary>
[MemoryDiagnoser]
public class ReadUserBenchmarks
{
    private HotStore _store = null!;
    private int _next;

    [GlobalSetup]
    public void Setup() => _store = new HotStore(100_000);

    [GlobalCleanup]
    public void Cleanup() => _store.Dispose();

    // A step that is prime to the number of users, so that each read is of another page.
    [Benchmark]
    public ValueTask<User?> Find() => _store.Users.FindAsync(_store.Ids[_next = (_next + 7_919) % _store.Ids.Length], CancellationToken.None);
}
