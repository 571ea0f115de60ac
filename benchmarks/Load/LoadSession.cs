using Microsoft.Data.Sqlite;
using Users.Benchmarks.Floors;
using Users.Benchmarks.PostgreSql;

namespace Users.Benchmarks.Load;

/// <summary>
/// The rounds. Each has a fresh server on a copy of the same database, and fresh floors; they take turns at each figure, and who begins
/// changes from round to round.
/// </summary>
internal sealed class LoadSession(LoadOptions options, CancellationToken cancellationToken) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-load-");
    private readonly LoadFigure[] _figures = [.. LoadFigure.All.Where(figure => options.Takes(figure.Name))];

    public LoadResults Results { get; } = new(options);

    /// <summary>How often <see cref="RunAsync"/> says what it does.</summary>
    public int Steps => 1 + (options.Rounds * (1 + _figures.Sum(figure => TurnsOf(figure).Length)));

    private readonly LoadDatabases? _databases = options.Connection is { } connection ? new(connection) : null;

    private string Template => Path.Combine(_folder.FullName, "template.db");

    public async Task RunAsync(Action<string> step)
    {
        step($"A database of {options.Users} users");
        await FillAsync();
        for (int round = 1; round <= options.Rounds; round++)
        {
            string name = $"Round {round} of {options.Rounds}";
            await RunRoundAsync(round, doing => step($"{name}: {doing}"));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Killed, the server leaves a write-ahead log; the last to close the file takes it in.
    private async Task FillAsync()
    {
        if (options.Connection is { } postgreSql)
        {
            await using ServerUnderTest other = await StartServerAsync(postgreSql, "Database__Provider=PostgreSql");
            await Task.Run(() => IngestLoad.Fill(other.Address, options.Users), cancellationToken);
        }

        await using (ServerUnderTest server = await StartServerAsync($"Data Source={Template}"))
        {
            await Task.Run(() => IngestLoad.Fill(server.Address, options.Users), cancellationToken);
        }

        await using var connection = new SqliteConnection($"Data Source={Template};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using SqliteCommand checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await checkpoint.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task RunRoundAsync(int round, Action<string> step)
    {
        step("start");
        string database = Copy($"{round}.db");
        string byHand = Copy($"{round}-by-hand.db");
        await using ServerUnderTest process = await StartServerAsync($"Data Source={database}");
        var server = new LoadTarget(process.Address, process.Process);
        await AddStartAsync(LoadResults.Server, server);
        await using MeasuredProcess kestrel = FloorPrograms.StartKestrel(options.Users);
        var floor = new LoadTarget(await kestrel.ReadAddressAsync(FloorPrograms.Listening), kestrel);
        await AddStartAsync(LoadResults.Kestrel, floor);
        await using ServerUnderTest? otherProcess = _databases is null ? null
            : await StartServerAsync(await _databases.CopyAsync(round), "Database__Provider=PostgreSql");
        LoadTarget? other = otherProcess is null ? null : new(otherProcess.Address, otherProcess.Process);
        if (other is not null)
        {
            await AddStartAsync(LoadResults.PostgreSql, other);
        }

        foreach (LoadFigure figure in _figures)
        {
            string[] turns = TurnsOf(figure);
            foreach (string target in round % 2 == 0 ? turns : turns.Reverse())
            {
                step($"{figure.Name}, {target}");
                Results.Add(figure.Name, figure.Unit, target, target switch
                {
                    LoadResults.Sqlite => await FloorPrograms.MeasureSqliteAsync(figure.SqliteWork!, byHand, options.Time, cancellationToken),
                    LoadResults.PostgreSql => await figure.MeasureAsync(other!, options, cancellationToken),
                    LoadResults.Kestrel => await figure.MeasureAsync(floor, options, cancellationToken),
                    _ => await figure.MeasureAsync(server, options, cancellationToken),
                });
            }
        }

        await AddPeakAsync(LoadResults.Server, server);
        await AddPeakAsync(LoadResults.Kestrel, floor);
        if (other is not null)
        {
            await AddPeakAsync(LoadResults.PostgreSql, other);
            await _databases!.DropAsync(round);
        }
    }

    private string[] TurnsOf(LoadFigure figure) =>
    [
        LoadResults.Server,
        LoadResults.Kestrel,
        .. figure.SqliteWork is null ? Array.Empty<string>() : [LoadResults.Sqlite],
        .. options.Connection is null ? Array.Empty<string>() : [LoadResults.PostgreSql],
    ];

    private async Task AddStartAsync(string target, LoadTarget load)
    {
        await Results.AddStartAsync(target, load, cancellationToken);
        Results.Add(LoadFigure.FirstUser, "ms", target, await Task.Run(() => ListLoad.First(load), cancellationToken));
    }

    private async Task AddPeakAsync(string target, LoadTarget load) =>
        Results.Add(LoadFigure.PeakMemory, "MiB", target, new Sample(await load.Process.MemoryAsync("VmHWM")));

    private Task<ServerUnderTest> StartServerAsync(string connection, params string[] settings) =>
        ServerUnderTest.StartAsync(options.Program, Cores.PinMeasured, [$"ConnectionStrings__Users={connection}", .. settings]);

    private string Copy(string name)
    {
        string copy = Path.Combine(_folder.FullName, name);
        File.Copy(Template, copy);
        return copy;
    }
}
