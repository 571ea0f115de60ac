using BenchmarkDotNet.Attributes;
using Users.Data;

namespace Users.Benchmarks.Hot;

/// <summary>Single creates that come at the same time, and so share a commit; the time is that until all are on disk.</summary>
[MemoryDiagnoser]
public class CommitGroupingBenchmarks
{
    private HotStore _store = null!;

    [Params(1, 10, 100)]
    public int Creates { get; set; }

    [GlobalSetup]
    public void Setup() => _store = new HotStore(0);

    [GlobalCleanup]
    public void Cleanup() => _store.Dispose();

    [Benchmark]
    public Task<UserWrite[]> Create() =>
        Task.WhenAll(HotStore.NewUsers(Creates).Select(user => _store.Users.CreateAsync(user, CancellationToken.None)));
}
