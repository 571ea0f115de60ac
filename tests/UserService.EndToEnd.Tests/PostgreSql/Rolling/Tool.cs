using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>userctl against these servers.</summary>
internal sealed record Tool(string Address, string? Ca)
{
    public ChildProcess Start(params string[] arguments) =>
        UserctlProcess.Start(Address, [.. arguments, .. Ca is null ? Array.Empty<string>() : ["--ca", Ca]]);
}
