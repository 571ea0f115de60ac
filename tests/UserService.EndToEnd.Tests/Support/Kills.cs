using System.Globalization;

namespace Users.EndToEnd.Tests.Support;

/// <summary>
/// How often the server is killed: a few times in dotnet test; in .ci/run and by hand USERS_KILLS says how often, and each test takes its part of
/// that. With USERS_KILLS the tests run in their long form, with more kinds of breaks, kills and repeats.
/// </summary>
internal static class Kills
{
    /// <summary>What USERS_KILLS says, if it is set.</summary>
    public static int? Asked { get; } =
        Environment.GetEnvironmentVariable("USERS_KILLS") is { Length: > 0 } kills ? int.Parse(kills, CultureInfo.InvariantCulture) : null;

    public static bool AreAsked => Asked is not null;

    public const string LongForm = "In the long form alone: USERS_KILLS=20 dotnet test";

    /// <summary>What chooses the moments; the test's output says how to have the same again.</summary>
    public static Random Choose()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"The seed is {seed}.");
        return new Random(seed);
    }

    /// <summary>Of this many moments the first and the last, and with USERS_KILLS a tenth as many others as it says, chosen at random.</summary>
    public static IEnumerable<int> Of(int moments)
    {
        int[] others = [.. Enumerable.Range(2, Math.Max(0, moments - 2))];
        Random.Shared.Shuffle(others);
        return others.Take(Asked / 10 ?? 0).Append(1).Append(moments).Order();
    }
}
