namespace Users.EndToEnd.Tests.Documents;

/// <summary>A command line of the sample client that the documents show; a test runs it.</summary>
/// <param name="Line">As it stands there.</param>
/// <param name="Output">A part of what it writes to standard output.</param>
/// <param name="ExitCode">How it ends.</param>
internal sealed record ClientCommand(string Line, string Output, int ExitCode = 0)
{
    /// <summary>In the order of a reader who tries one after another, in one folder against one new server in Development.</summary>
    public static IReadOnlyList<ClientCommand> All { get; } =
    [
        new("dotnet run --project src/UserService.Client", "users.v1.UserService/ChatUsers"),
        new("dotnet run --project src/UserService.Client -- --address http://127.0.0.1:6000", "users.v1.UserService/ChatUsers"),
    ];
}
