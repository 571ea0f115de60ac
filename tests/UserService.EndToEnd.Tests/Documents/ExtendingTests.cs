using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>docs/extending.md names what its diffs change. That the diffs apply, build and pass is for eng/template/check.</summary>
public sealed class ExtendingTests
{
    private const string Page = "docs/extending.md";

    [Theory]
    [InlineData("field", 6)]
    [InlineData("method", 9)]
    [InlineData("entity", 16)]
    public void Each_source_file_that_a_diff_changes_is_named(string change, int files)
    {
        string[] changed = [.. ChangedBy(change).Where(file => file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("proto/", StringComparison.Ordinal))];
        string section = File.ReadAllText(Repository.File(Page)).Split("\n## ").Single(part => part.Contains($"(extending/{change}.diff)", StringComparison.Ordinal));
        string[] named = [.. new Document(Page, section).Links.Select(link => link.Replace("../", "", StringComparison.Ordinal))];

        Assert.Equal(files, changed.Length);
        Assert.Empty(changed.Where(file => !file.EndsWith(".csproj", StringComparison.Ordinal)).Except(named));
    }

    private static IEnumerable<string> ChangedBy(string change)
    {
        string before = "";
        foreach (string line in File.ReadLines(Repository.File($"docs/extending/{change}.diff")))
        {
            if (line.StartsWith("+++ b/", StringComparison.Ordinal) && before != "--- /dev/null")
            {
                yield return line["+++ b/".Length..];
            }

            before = line;
        }
    }
}
