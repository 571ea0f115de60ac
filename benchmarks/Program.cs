using System.CommandLine;
using Users.Benchmarks;
using Users.Benchmarks.Floors;
using Users.Benchmarks.Growth;
using Users.Benchmarks.Hold;
using Users.Benchmarks.Hot;
using Users.Benchmarks.Load;
using Users.Benchmarks.PostgreSql;

var root = new RootCommand("Measures the server, most of it as a process of its own. Each command prints a table; run it in Release.")
{
    new LoadCommand(),
    new CompareCommand(),
    new GrowthCommand(),
    new HotCommand(),
    new CommitsCommand(),
    new FanoutCommand(),
    new GuardsCommand(),
    new HoldCommand(),
    new PostgreSqlCommand(),
    new FloorCommand(),
    new SqliteFloorCommand(),
    // Shows how it reads a command line, without running it: `[diagram] load --rounds 3`.
    new DiagramDirective(),
};
return await root.Parse(args).InvokeAsync();
