namespace Users.Benchmarks;

internal static class Figures
{
    public static double Median<T>(IReadOnlyCollection<T> values, Func<T, double> figure) =>
        values.Select(figure).Order().ElementAt(values.Count / 2);

    /// <summary>
    /// The interval that has the median of what the values are drawn from with at least 95 %, by their order alone: of nine values the second to the
    /// eighth. Null for fewer than six.
    /// </summary>
    public static (double Low, double High)? MedianInterval(IReadOnlyCollection<double> values)
    {
        int count = values.Count;
        // That so few values lie below the median: each does with a half.
        double ways = 1, below = 0;
        int outside = 0;
        while (below + (ways / Math.Pow(2, count)) <= 0.025)
        {
            below += ways / Math.Pow(2, count);
            ways = ways * (count - outside) / (outside + 1);
            outside++;
        }

        double[] ordered = [.. values.Order()];
        return outside == 0 ? null : (ordered[outside - 1], ordered[count - outside]);
    }
}
