using BenchmarkDotNet.Attributes;
using Users.Data;

namespace Users.Benchmarks.Hot;

/// <summary>A full batch in one commit; the figures are those of one user.</summary>
[MemoryDiagnoser]
public class CreateManyBenchmarks
{
    private HotStore _store = null!;
    private NewUser[] _users = [];

    [GlobalSetup]
    public void Setup() => _store = new HotStore(0);

    [GlobalCleanup]
    public void Cleanup() => _store.Dispose();

    [IterationSetup]
    public void Draw() => _users = HotStore.NewUsers(UserRepository.MaxBatch);

    [Benchmark(OperationsPerInvoke = UserRepository.MaxBatch)]
    public Task<IReadOnlyList<UserWrite>> Batch() => _store.Users.CreateManyAsync(_users, CancellationToken.None);
}
