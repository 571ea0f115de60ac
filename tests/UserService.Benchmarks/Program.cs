using System.CommandLine;
using Users.Benchmarks;

var root = new RootCommand("Measures the server as a process of its own. Each command prints one table; run it in Release.")
{
    new CommitsCommand(),
    new FanoutCommand(),
    new GuardsCommand(),
};
return await root.Parse(args).InvokeAsync();
