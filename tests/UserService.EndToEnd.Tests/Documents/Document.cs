using System.Text;
using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>A Markdown file, as far as its links and its command lines go.</summary>
internal sealed partial class Document
{
    private readonly StringBuilder _prose = new();
    private readonly List<string> _code = [];

    /// <param name="path">From the repository's root.</param>
    /// <param name="text">What is in it.</param>
    public Document(string path, string text)
    {
        Path = path;
        bool fenced = false;
        foreach (string line in Continuation().Replace(text, " ").Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }
            else if (fenced || line.StartsWith("    ", StringComparison.Ordinal))
            {
                _code.Add(Comment().Replace(line, "").Trim());
            }
            else
            {
                _prose.Append(line).Append('\n');
            }
        }
    }

    /// <summary>The documents that people read.</summary>
    public static IEnumerable<string> All =>
        from path in (string[])["README.md", "CONTRIBUTING.md", .. FilesBelow("docs"), .. FilesBelow("eng")]
        where !path.Contains("node_modules", StringComparison.Ordinal)
        select path;

    public string Path { get; }

    /// <summary>Lines of code blocks, continued ones joined and without the comments behind them.</summary>
    public IReadOnlyList<string> Code => _code;

    /// <summary>The rest of the code from the line that begins so, up to and with the end of the statement.</summary>
    public string CodeFrom(string start) =>
        string.Join("\n", _code.SkipWhile(line => !line.StartsWith(start, StringComparison.Ordinal))).Split(';')[0];

    /// <summary>What stands as code within a sentence or a table.</summary>
    public IEnumerable<string> InlineCode =>
        InlineSpan().Matches(_prose.ToString()).Select(span => span.Groups[1].Value.Replace('\n', ' '));

    /// <summary>The command lines that match. Within a sentence, a program's name alone is a mention of it.</summary>
    public IEnumerable<string> Commands(Regex command) =>
        [.. Code.Where(line => command.IsMatch(line)), .. InlineCode.Where(span => span.Contains(' ', StringComparison.Ordinal) && span is not "buf curl" && command.IsMatch(span))];

    /// <summary>Where its links lead, those to other sites aside.</summary>
    public IEnumerable<string> Links =>
        from Match link in Link().Matches(InlineSpan().Replace(_prose.ToString(), ""))
        let target = link.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal)
        select target;

    public static Document Read(string path) => new(path, File.ReadAllText(Repository.File(path)));

    /// <summary>Whether a link can name this heading, by the name that GitHub gives it.</summary>
    public bool HasHeading(string anchor) => Heading().Matches(_prose.ToString())
        .Select(heading => NotInAnchors().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))
        .Contains(anchor);

    private static IEnumerable<string> FilesBelow(string folder) => Directory
        .EnumerateFiles(Repository.File(folder), "*.md", SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file))
        .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"\s{2,}#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex InlineSpan();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ +(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]")]
    private static partial Regex NotInAnchors();
}
