using System.CommandLine;

namespace Users.Benchmarks.Load;

/// <summary>The server under load, each figure beside its floors, measured in turn in the same run.</summary>
internal sealed class LoadCommand : Command
{
    private const string Help = """
        The server under load, as ratios to its floors: medians over rounds of the ratios within rounds.

        The Kestrel floor is a gRPC server of the same contract that answers from memory and stores nothing; the SQLite floor is
        Microsoft.Data.Sqlite by hand on a copy of the server's database. Each is a process of its own, on a core of its own where there
        are two. The load is made over bare HTTP/2 frames, because a general client costs as much as the server; still it shares the
        machine, and where it is the slower side, calls per second say less than the CPU columns: the user and system time of the measured
        process for each call, user or message.

        start ends when grpc.health.v1 says SERVING, list_first is the time to the first user of the first list after that, and rss is
        resident memory, at the start and at the most of the round.
        """;

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _seconds = SecondsOption.Create("How long each timed load is measured, after as long to warm up.", 2);

    private readonly Option<int> _users = new("--users")
    {
        Description = "How many users there are, and how many an ingest sends.",
        DefaultValueFactory = _ => 100_000,
    };

    private readonly Option<string> _only = new("--only")
    {
        Description = $"Only these figures, as in get_c100,list: {string.Join(", ", LoadFigure.Names)}.",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "An empty database of PostgreSQL, of a role that may create databases: the server on a copy of it is measured, too.",
    };

    private readonly Option<string> _server = ServerOption.Create();

    public LoadCommand()
        : base("load", Help)
    {
        Options.Add(_rounds);
        Options.Add(_seconds);
        Options.Add(_users);
        Options.Add(_connection);
        Options.Add(_only);
        Options.Add(_server);
        _only.Validators.Add(result =>
        {
            if (Split(result.GetValueOrDefault<string>()).Except(LoadFigure.Names).ToArray() is [string unknown, ..])
            {
                result.AddError($"There is no figure '{unknown}': {string.Join(", ", LoadFigure.Names)}.");
            }
        });
        SetAction((parsed, token) => RunAsync(
            new LoadOptions(
                Path.GetFullPath(parsed.GetRequiredValue(_server)),
                parsed.GetValue(_rounds),
                TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
                parsed.GetValue(_users),
                parsed.GetValue(_connection),
                Split(parsed.GetRequiredValue(_only))),
            token));
    }

    private static async Task RunAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        Cores.PinLoad();
        using var session = new LoadSession(options, cancellationToken);
        await LoadProgress.RunAsync(session.Steps, session.RunAsync);
        await LoadTable.Write(session.Results).EndAsync(Cores.Description);
    }

    private static string[] Split(string? figures) => (figures ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
