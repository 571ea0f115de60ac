namespace Users.EndToEnd.Tests.Documents;

/// <summary>A command line of a client that the documents show; a test runs it.</summary>
/// <param name="Line">As it stands there.</param>
/// <param name="Output">A part of what it writes to standard output.</param>
internal sealed record ClientCommand(string Line, string Output)
{
    /// <summary>The tours.</summary>
    public static IReadOnlyList<ClientCommand> Tours { get; } =
    [
        new("dotnet run --project src/UserService.Client", "users.v1.UserService/ChatUsers"),
        new("dotnet run --project src/UserService.Client -- --address http://127.0.0.1:6000", "users.v1.UserService/ChatUsers"),
    ];
}
