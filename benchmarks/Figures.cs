namespace Users.Benchmarks;

internal static class Figures
{
    public static double Median<T>(IReadOnlyCollection<T> values, Func<T, double> figure) =>
        values.Select(figure).Order().ElementAt(values.Count / 2);
}
