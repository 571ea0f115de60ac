using Users.Benchmarks.Load;

namespace Users.Benchmarks.Growth;

/// <summary>One server on a database of its own, filled to one size after the other and measured at each.</summary>
internal sealed class GrowthSession(GrowthOptions options, CancellationToken cancellationToken) : IDisposable
{
    private const int WarmUpUsers = 20_000;

    private readonly DirectoryInfo _folder =
        Directory.CreateDirectory(Path.Combine(Path.GetFullPath(options.Folder), $"users-growth-{Guid.NewGuid():n}"));

    public GrowthResults Results { get; } = new(options.Sizes);

    /// <summary>How often <see cref="RunAsync"/> says what it does.</summary>
    public int Steps => (1 + options.Sizes.Length) * GrowthSize.Steps;

    private string Database => Path.Combine(_folder.FullName, "users.db");

    public async Task RunAsync(Action<string> step)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            options.Program, Cores.PinMeasured, $"ConnectionStrings__Users=Data Source={Database}");
        var target = new LoadTarget(server.Address, server.Process);
        // Without it the first size would be that of a cold server.
        await MeasureAsync(options with { Repeats = 1 }, 0, WarmUpUsers, new GrowthResults([WarmUpUsers]), "warm-up");
        await Task.Run(() => GrowthDeletes.Run(target, target.UserIds), cancellationToken);
        int users = 0;
        foreach (int size in options.Sizes)
        {
            await MeasureAsync(options, users, size, Results, GrowthTable.NameOf(size));
            users = size;
        }

        Task MeasureAsync(GrowthOptions how, int before, int size, GrowthResults results, string name) =>
            new GrowthSize(how, target, Database, size, results, doing => step($"{name}: {doing}"), cancellationToken)
                .MeasureAsync(size - before);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
