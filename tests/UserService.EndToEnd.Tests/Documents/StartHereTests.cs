using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

public sealed class StartHereTests
{
    [Fact]
    public void The_hours_path_has_at_most_1_500_lines()
    {
        string[] code = [.. Document.Read("docs/start-here.md").Links.Where(link => link.StartsWith("../", StringComparison.Ordinal))];

        Assert.Equal(12, code.Length);
        Assert.InRange(code.Sum(link => File.ReadLines(Repository.File(link["../".Length..])).Count()), 1_000, 1_500);
    }
}
