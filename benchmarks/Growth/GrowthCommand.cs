using System.CommandLine;
using Users.Benchmarks.Load;

namespace Users.Benchmarks.Growth;

/// <summary>What a call costs as the users become more: a table, and a chart.</summary>
internal sealed class GrowthCommand : Command
{
    private const string Help = """
        What a call costs as the users become more: one server, which is filled through CreateUsers and measured at each size.

        The load is made as in `load`, and each figure is a median. ingest is the last part of a fill, in streams of its own, where
        there are enough users; gets and pages are of known users from all over the table; page is a list of 100 users from somewhere
        in the middle half; list_first is the time to the first user of a list of all. Memory is what is resident: anonymous memory
        is the server's own, file memory is what it has mapped, which the system takes back when it needs it, and peak is the most of
        both since the start. The users that unary creates have made are deleted again, as are those of a warm-up before the first
        size.
        """;

    private readonly Option<string> _sizes = new("--sizes")
    {
        Description = "The numbers of users, rising.",
        DefaultValueFactory = _ => "10000,100000,1000000,10000000",
    };

    private readonly Option<string> _folder = new("--folder")
    {
        Description = "Where the database is made and removed again: about 250 bytes for each user.",
        DefaultValueFactory = _ => Path.GetTempPath(),
    };

    private readonly Option<string> _server = ServerOption.Create();

    private readonly Option<int> _repeats = new("--repeats")
    {
        Description = "How often each figure is measured at each size, for the median.",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<double> _seconds = SecondsOption.Create(
        "How long each timed load is measured, after as long to warm up; unary creates for a second at most.", 2);

    private readonly Option<bool> _random = new("--random") { Description = "Fill with random emails instead of rising ones." };

    private readonly Option<string> _chart = new("--chart") { Description = "The SVG file to write.", DefaultValueFactory = _ => "" };

    public GrowthCommand()
        : base("growth", Help)
    {
        Options.Add(_sizes);
        Options.Add(_folder);
        Options.Add(_server);
        Options.Add(_repeats);
        Options.Add(_seconds);
        Options.Add(_random);
        Options.Add(_chart);
        _sizes.Validators.Add(result =>
        {
            int[] sizes = Split(result.GetValueOrDefault<string>());
            if (sizes is not [>= 1_000, ..] || !sizes.SequenceEqual(sizes.Distinct().Order()))
            {
                result.AddError("The sizes are whole numbers, rising, of at least 1 000, as in 10000,100000.");
            }
        });
        SetAction((parsed, token) => RunAsync(
            new GrowthOptions(
                Path.GetFullPath(parsed.GetRequiredValue(_server)),
                parsed.GetRequiredValue(_folder),
                Split(parsed.GetRequiredValue(_sizes)),
                parsed.GetValue(_random),
                parsed.GetValue(_repeats),
                TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
                parsed.GetRequiredValue(_chart)),
            token));
    }

    private static async Task RunAsync(GrowthOptions options, CancellationToken cancellationToken)
    {
        Cores.PinLoad();
        using var session = new GrowthSession(options, cancellationToken);
        try
        {
            await LoadProgress.RunAsync(session.Steps, session.RunAsync);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            // To cancel closes the connection, whatever it was in the middle of.
            throw new OperationCanceledException("Cancelled.", exception, cancellationToken);
        }
        finally
        {
            // What was measured before a failure took minutes, too.
            await GrowthTable.Write(session.Results).EndAsync(Cores.Description);
        }

        if (options.Chart.Length > 0)
        {
            await File.WriteAllLinesAsync(options.Chart, GrowthChart.Lines(session.Results), cancellationToken);
        }
    }

    private static int[] Split(string? sizes) =>
        [.. (sizes ?? "").Split(',').Select(size => int.TryParse(size, out int users) ? users : 0)];
}
