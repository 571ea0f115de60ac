using System.CommandLine;

namespace Users.Benchmarks;

/// <summary><c>--server</c>: the program that a command measures.</summary>
internal static class ServerOption
{
    public static Option<string> Create() => new("--server")
    {
        Description = "Another server than the one built with this program: its dll, or a published program.",
        DefaultValueFactory = _ => ServerUnderTest.BuiltProgram,
    };
}
