using System.CommandLine;

namespace Users.Cli.Files;

/// <summary>How users are written in a file.</summary>
internal enum DataFormat
{
    Csv,
    Ndjson,
}

internal static class DataFormats
{
    private const string Csv = "csv";
    private const string Ndjson = "ndjson";

    public static Option<string?> Option()
    {
        var option = new Option<string?>("--format")
        {
            Description = "Without it the file's ending says which: .csv, .ndjson or .jsonl.",
        };
        return option.AcceptOnlyFromAmong(Csv, Ndjson);
    }

    /// <summary>What was asked for, or what the file's ending says; null when neither does.</summary>
    public static DataFormat? Of(string? given, string path) => (given ?? Path.GetExtension(path).TrimStart('.')).ToUpperInvariant() switch
    {
        "CSV" => DataFormat.Csv,
        "NDJSON" or "JSONL" => DataFormat.Ndjson,
        _ => null,
    };
}
