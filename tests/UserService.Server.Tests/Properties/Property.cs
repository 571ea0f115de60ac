using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Properties;

/// <summary>
/// Checks a property on random cases. A failure shows the smallest case found and the seed. <c>PROPERTY_CASES</c> multiplies the
/// cases of each property, for a long run by hand; <c>PROPERTY_SEED</c>, written like the failure shows it, repeats a run.
/// </summary>
internal static class Property
{
    public static async Task HoldsAsync<T>(
        RunningServer server, int cases, Gen<T> of, Func<T, IEnumerable<T>> shrink, Func<T, Task> holds)
    {
        try
        {
            await HoldsAsync(cases, of, shrink, holds);
        }
        catch
        {
            // The case says more than the errors that the server logged over it, and would be hidden by them.
            server.Log.Expected = _ => true;
            TestContext.Current.TestOutputHelper?.WriteLine(
                string.Join(Environment.NewLine, server.Log.Lines.TakeLast(100).Select(line => $"{line.Category}: {line.Text} {line.Exception}")));
            throw;
        }
    }

    // FsCheck waits for each case on the thread that called it, which must not be one that the cases need to go on.
    public static Task HoldsAsync<T>(int cases, Gen<T> of, Func<T, IEnumerable<T>> shrink, Func<T, Task> holds) => Task.Run(() =>
        Check.One(Configuration(cases), Prop.ForAll(Arb.From(of, shrink), holds)));

    /// <summary>A list without half of it, without a quarter and so on, at last without a single one.</summary>
    public static IEnumerable<IReadOnlyList<T>> Shorter<T>(IReadOnlyList<T> list)
    {
        for (int cut = list.Count / 2; cut > 0; cut /= 2)
        {
            for (int start = 0; start < list.Count; start += cut)
            {
                yield return [.. list.Take(start), .. list.Skip(start + cut)];
            }
        }

        if (list.Count == 1)
        {
            yield return [];
        }
    }

    private static Config Configuration(int cases)
    {
        Config config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(cases * Times);
        return Environment.GetEnvironmentVariable("PROPERTY_SEED") is { Length: > 0 } seed
            ? config.WithReplay(new FSharpOption<Replay>(Read(seed)))
            : config;
    }

    private static Replay Read(string seed)
    {
        ulong[] numbers = [.. seed.Trim('(', ')').Split(',').Select(number => ulong.Parse(number, CultureInfo.InvariantCulture))];
        return new Replay(
            new Rnd(numbers[0], numbers[1]), numbers.Length > 2 ? new FSharpOption<int>((int)numbers[2]) : FSharpOption<int>.None);
    }

    private static int Times =>
        int.TryParse(Environment.GetEnvironmentVariable("PROPERTY_CASES"), CultureInfo.InvariantCulture, out int times) ? times : 1;
}
