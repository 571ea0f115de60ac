using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

public sealed class LinkTests
{
    public static TheoryData<string> Documents => [.. Document.All];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_somewhere(string path) => Assert.Empty(BrokenLinks(Document.Read(path)));

    [Theory]
    [InlineData("See [it](docs/errors.md).", "")]
    [InlineData("See [that\nlong one](docs/errors.md#trying-again), [here](#a-heading), [all](docs).\n\n## A `heading`!\n", "")]
    [InlineData("[elsewhere](https://example.com/x), `[code](x)` and [`code`](docs/errors.md)", "")]
    [InlineData("[it](docs/mistakes.md)", "docs/mistakes.md")]
    [InlineData("[it](docs/errors.md#no-such-heading), ![picture](docs/errors.png)", "docs/errors.md#no-such-heading docs/errors.png")]
    [InlineData("```\n# In code\n```\n\n[it](#in-code)", "#in-code")]
    [InlineData("[out](../elsewhere)", "../elsewhere")]
    public void A_broken_link_is_found(string text, string broken) =>
        Assert.Equal(broken, string.Join(' ', BrokenLinks(new Document("README.md", text))));

    private static IEnumerable<string> BrokenLinks(Document document) => document.Links.Where(link => !Leads(document, link));

    private static bool Leads(Document document, string link)
    {
        string[] parts = link.Split('#', 2);
        string file = parts[0] is ""
            ? document.Path
            : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(document.Path)!, parts[0]));
        if (file.StartsWith("..", StringComparison.Ordinal) || !Path.Exists(Repository.File(file)))
        {
            return false;
        }

        return parts.Length is 1 || (parts[0] is "" ? document : Document.Read(file)).HasHeading(parts[1]);
    }
}
