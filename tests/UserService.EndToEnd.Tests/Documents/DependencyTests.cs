using System.Xml.Linq;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>The documents say of each package, in the version that is used, why it is here.</summary>
public sealed class DependencyTests
{
    private const string Heading = "| package | version | why |";

    [Fact]
    public void Each_package_has_a_row_with_its_version_and_a_reason()
    {
        string[] used =
        [
            .. from package in XDocument.Load(Repository.File("Directory.Packages.props")).Descendants("PackageVersion")
               select $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}",
        ];

        string[] said = [.. Document.All.SelectMany(Packages)];

        Assert.Empty(used.Except(said));
    }

    [Fact]
    public void No_package_has_a_row_that_is_not_used()
    {
        string used = File.ReadAllText(Repository.File("Directory.Packages.props"));

        // Of those from elsewhere, such as npm, the row says from where.
        Assert.DoesNotContain(
            Document.All.SelectMany(Rows).Where(row => !row[1].Contains('(', StringComparison.Ordinal)).SelectMany(row => row[1].Split(", ")),
            package => !used.Contains($"\"{package}\"", StringComparison.Ordinal));
    }

    /// <summary>Name and version of each package in the page's table. A row may have several, with a version for each or one for all.</summary>
    private static IEnumerable<string> Packages(string path) =>
        from row in Rows(path)
        let names = row[1].Split(", ")
        let versions = row[2].Split(", ")
        from i in Enumerable.Range(0, names.Length)
        select $"{names[i]} {versions[Math.Min(i, versions.Length - 1)]}";

    private static IEnumerable<string[]> Rows(string path) => File.ReadLines(Repository.File(path))
        .SkipWhile(line => line != Heading)
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(row => row[3].Length > 0);
}
