using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace Users.Benchmarks.Hot;

/// <summary>The hot paths by themselves, by BenchmarkDotNet.</summary>
internal sealed class HotCommand : Command
{
    private const string Help = """
        Times and allocations of the hot paths, by BenchmarkDotNet, whose options it takes.

        Such as --filter '*Page*', --list flat and --job short; without a filter it asks which. It builds a program for them first.
        """;

    public HotCommand()
        : base("hot", Help)
    {
        TreatUnmatchedTokensAsErrors = false;
        SetAction(parsed => BenchmarkSwitcher.FromAssembly(typeof(HotCommand).Assembly).Run(
            [.. parsed.UnmatchedTokens],
            // With the other output of builds, not where the shell stands.
            DefaultConfig.Instance.WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "hot"))));
    }
}
