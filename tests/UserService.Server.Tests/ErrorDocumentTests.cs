using System.Reflection;
using Grpc.Core;
using Users.Server.Errors;

namespace Users.Server.Tests;

/// <summary>docs/errors.md, proto/users.proto and the catalogue name the same reasons.</summary>
public sealed class ErrorDocumentTests
{
    private static readonly string[] Reasons =
        [.. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    public static TheoryData<string> All => [.. Reasons];

    // Those of no single method stand in the service's own comment, by their codes.
    public static TheoryData<string> OfTheContract => [.. Reasons.Except(["DEADLINE_EXCEEDED", "CANCELLED", "INTERNAL"])];

    /// <summary>All files of the contract.</summary>
    internal static string Contract => string.Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.proto").Select(File.ReadAllText));

    private static IEnumerable<string[]> Rows => RowsOf(1);

    /// <summary>The rows of one of the document's tables.</summary>
    internal static IEnumerable<string[]> RowsOf(int table) => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "errors.md"))
        .SkipWhile(line => !(line.StartsWith("| situation |", StringComparison.Ordinal) && --table == 0))
        .Skip(2)
        .TakeWhile(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries));

    [Theory]
    [MemberData(nameof(All))]
    public void Each_reason_has_one_row_in_the_document(string reason) => Assert.Single(Rows, row => row[3] == reason);

    [Fact]
    public void Each_row_of_the_document_has_a_reason_of_the_catalogue() =>
        Assert.Empty(Rows.Select(row => row[3]).Except([.. Reasons, "none: the library answers"]));

    [Theory]
    [MemberData(nameof(OfTheContract))]
    public void Each_reason_is_named_in_the_contract(string reason) =>
        Assert.Contains(reason, Contract, StringComparison.Ordinal);

    [Fact]
    public void The_document_and_the_answers_agree_on_codes()
    {
        Dictionary<string, string> documented = Rows.Where(row => Reasons.Contains(row[3])).ToDictionary(row => row[3], row => row[2]);

        foreach (ErrorTableTests.Row row in ErrorTableTests.AllRows)
        {
            Assert.Equal(documented[row.Reason], Upper(row.Code));
        }
    }

    internal static string Upper(StatusCode code) =>
        string.Concat($"{code}".Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
