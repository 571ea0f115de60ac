namespace Users.Benchmarks.Load;

/// <param name="Program">The server's dll, or a program that was published.</param>
/// <param name="Rounds">How often each figure is taken.</param>
/// <param name="Time">How long each timed load is measured, after as long to warm up.</param>
/// <param name="Users">How many there are at the start of each round, and how many an ingest sends.</param>
/// <param name="Connection">An empty database of PostgreSQL, to measure the server on that, too; null: not.</param>
/// <param name="Only">The figures to take; empty: all.</param>
internal sealed record LoadOptions(string Program, int Rounds, TimeSpan Time, int Users, string? Connection, string[] Only)
{
    public bool Takes(string figure) => Only.Length == 0 || Only.Contains(figure);
}
