namespace Users.Benchmarks.Growth;

/// <param name="Program">The server's dll, or a program that was published.</param>
/// <param name="Folder">Where the database's own folder is made, and removed at the end.</param>
/// <param name="Sizes">The numbers of users, rising.</param>
/// <param name="IsRandom">The emails of the fill are random, and so new ones go anywhere among the old.</param>
/// <param name="Repeats">How often each figure is measured at each size, for the median.</param>
/// <param name="Time">How long each timed load is measured, after as long to warm up.</param>
/// <param name="Chart">The file for the chart; empty: none.</param>
internal sealed record GrowthOptions(
    string Program, string Folder, int[] Sizes, bool IsRandom, int Repeats, TimeSpan Time, string Chart);
