using BenchmarkDotNet.Attributes;
using Users.Data;

namespace Users.Benchmarks.Hot;

/// <summary>A page of the list; the figures are those of one user.</summary>
[MemoryDiagnoser]
public class ReadPageBenchmarks
{
    private const int PageSize = 500;

    private HotStore _store = null!;
    private int _page;

    [GlobalSetup]
    public void Setup() => _store = new HotStore(100_000);

    [GlobalCleanup]
    public void Cleanup() => _store.Dispose();

    [Benchmark(OperationsPerInvoke = PageSize)]
    public async Task<int> Page()
    {
        string after = _store.Ids[_page = (_page + PageSize) % (_store.Ids.Length - PageSize)];
        IReadOnlyList<User> page = await _store.Users.ReadPageAsync(after, PageSize, CancellationToken.None);
        return page.Count;
    }
}
