namespace Users.Server.Tests.Support;

/// <summary>How many bytes something allocates for each of the items that it handles: the median of several runs, after some to warm up.</summary>
internal static class Allocations
{
    private const int WarmUp = 3;
    private const int Runs = 7;

    /// <summary>Of this thread alone: the work must be done when its task is returned.</summary>
    public static double OnThisThread(int items, Func<Task> run) => Median(() =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Task done = run();
        long after = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(done.IsCompletedSuccessfully, "The work went on elsewhere.");
        return (double)(after - before) / items;
    });

    /// <summary>Of the whole process, in which nothing else should be going on.</summary>
    public static async Task<double> InProcessAsync(int items, Func<Task> run)
    {
        double[] measured = new double[WarmUp + Runs];
        for (int i = 0; i < measured.Length; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await run();
            measured[i] = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / items;
        }

        return MedianOf(measured);
    }

    private static double Median(Func<double> measure) => MedianOf([.. Enumerable.Range(0, WarmUp + Runs).Select(_ => measure())]);

    private static double MedianOf(double[] measured) => measured.Skip(WarmUp).Order().ElementAt(Runs / 2);
}
