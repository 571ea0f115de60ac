using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>Code in the documents is that of the files: a fenced block behind <c>From [FILE](LINK), `REGION`:</c> is that region of the file.</summary>
public sealed partial class ExcerptTests
{
    [Fact]
    public void Every_block_of_CSharp_is_a_region_of_the_file_that_it_names()
    {
        string[] excerpts = [.. Document.All.SelectMany(Excerpts)];

        Assert.NotEmpty(excerpts);
        Assert.Equal("", string.Join('\n', excerpts.Where(excerpt => excerpt.Length > 0)));
    }

    [Theory]
    [InlineData("#region a\n  x\n    y\n#endregion", "a", "x\n  y")]
    [InlineData("#region ab\nz\n#endregion\n#region a\nx\n#endregion", "a", "x")]
    [InlineData("#region a\nx\n#endregion", "b", null)]
    public void A_region_is_found_and_moved_to_the_left(string file, string region, string? code) => Assert.Equal(code, Region(file, region));

    // What is wrong with each block of a document, or nothing.
    private static IEnumerable<string> Excerpts(string path)
    {
        string text = File.ReadAllText(Repository.File(path));
        foreach (Match block in Block().Matches(text))
        {
            Match source = Source().Match(text[..block.Index]);
            string? file = source.Success ? Path.Combine(Path.GetDirectoryName(path)!, source.Groups["file"].Value) : null;
            yield return file is null ? $"{path}: a block of C# names no file"
                : Region(File.ReadAllText(Repository.File(file)), source.Groups["region"].Value) == block.Groups["code"].Value ? ""
                : $"{path}: differs from {source.Groups["region"].Value} in {file}";
        }
    }

    private static string? Region(string file, string name)
    {
        string[] lines =
        [
            .. file.Split('\n').SkipWhile(line => line.Trim() != $"#region {name}").Skip(1).TakeWhile(line => line.Trim() is not "#endregion"),
        ];
        int indent = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return lines.Length is 0 ? null : string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : ""));
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"From \[[^\]]+\]\((?<file>[^)]+)\), `(?<region>[\w-]+)`:\n\n$")]
    private static partial Regex Source();
}
