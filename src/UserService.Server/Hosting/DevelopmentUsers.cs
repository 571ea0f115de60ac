using Users.Data;

namespace Users.Server.Hosting;

/// <summary>The users that a new database starts with in Development; the README's calls name them by their ids.</summary>
internal static class DevelopmentUsers
{
    public static IReadOnlyList<SeedUser> All { get; } =
    [
        Person(1, "Ada Lovelace", "ada@example.com"),
        Person(2, "Alan Turing", "alan@example.com"),
        Person(3, "Grace Hopper", "grace@example.com"),
        Person(4, "Edsger Dijkstra", "edsger@example.com"),
        Person(5, "Barbara Liskov", "barbara@example.com"),
    ];

    // UUIDs version 7 of June 2024, so they are below every id that a server will ever draw.
    private static SeedUser Person(int number, string name, string email) =>
        new($"01900000-0000-7000-8000-{number:d12}", new NewUser(name, email));
}
