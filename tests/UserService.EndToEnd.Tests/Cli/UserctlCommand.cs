namespace Users.EndToEnd.Tests.Cli;

/// <summary>A command line in the documents that starts userctl; a test runs it.</summary>
/// <param name="Line">As it stands there.</param>
/// <param name="Output">A part of what it writes to standard output.</param>
/// <param name="IsSecure">Whether it is for a server in Production, with the files ca.pem and token in the folder.</param>
internal sealed record UserctlCommand(string Line, string Output, bool IsSecure = false)
{
    /// <summary>
    /// In the order in which one reader could try them, against one new server in Development, in a folder with a people.csv that has
    /// one new user in it. ID at the end of a line stands for a user's id, and a port
    /// in it for the one that the system picked.
    /// </summary>
    public static IReadOnlyList<UserctlCommand> All { get; } =
    [
        new("userctl get 01900000-0000-7000-8000-000000000001", "Ada Lovelace"),
        new("userctl create \"Joan Clarke\" joan@example.com", "Joan Clarke"),
        new("userctl create -- -x x@example.com", "-x"),
        new("userctl update 01900000-0000-7000-8000-000000000002 --name \"Alan M. Turing\"", "Alan M. Turing"),
        new("userctl delete 01900000-0000-7000-8000-000000000003", ""),
        new("userctl list --limit 10", "Edsger Dijkstra"),
        new("userctl import people.csv", "1 created"),
        new("userctl export people.csv", ""),
        new("userctl export people.csv --after ID", ""),
        new("userctl chat --as 01900000-0000-7000-8000-000000000001", ""),
        new("echo hello | userctl chat --as 01900000-0000-7000-8000-000000000001", "#1 Ada Lovelace: hello"),
        new("userctl list --address 127.0.0.1:50051,127.0.0.1:50052", "Ada"),
        new("userctl list --address dns:///localhost:50051", "Ada"),
        new("userctl list --address https://users.example:50051 --ca ca.pem --token-file token", "Ada", IsSecure: true),
        new("userctl list --address https://users.example:50051 --ca ca.pem --token-command \"cat token\"", "Ada", IsSecure: true),
    ];
}
