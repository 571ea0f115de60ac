using Users.Server.Tests.Support;

namespace Users.Server.Tests;

/// <summary>
/// The server's folders know each other in one direction, so that a part comes off: what stands above may use what stands below, and the
/// core knows no part. A folder is a namespace.
/// </summary>
public sealed class DirectionTests
{
    private const string Root = "Users.Server";

    // From below to above; those of one line know nothing of each other. Above them stand the parts, each by itself, and Program.
    private static readonly string[][] Core = [["Settings", "Errors"], ["Fields", "Calls"], ["Chat"], ["Users"], ["Hosting"]];

    private static readonly ILookup<string, string> Uses = NamespaceUses.Of(typeof(Program).Assembly.Location)
        .Where(use => IsOurs(use.User) && IsOurs(use.Used))
        .ToLookup(use => use.User[Root.Length..].TrimStart('.'), use => use.Used[Root.Length..].TrimStart('.'));

    public static TheoryData<string> Folders => [.. Uses.Select(uses => uses.Key).Where(folder => folder.Length > 0)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_what_stands_below_it(string folder)
    {
        int height = Array.FindIndex(Core, layer => layer.Contains(folder));
        IEnumerable<string> below = (height < 0 ? Core : Core[..height]).SelectMany(layer => layer);

        Assert.Empty(Uses[folder].Except([.. below, folder]));
    }

    [Fact]
    public void The_core_is_all_there_and_Program_uses_it()
    {
        Assert.Empty(Core.SelectMany(layer => layer).Except(Uses.Select(uses => uses.Key)));
        Assert.Contains("Hosting", Uses[""]);
    }

    // In the deepest place: a class of the compiler's own, for what awaits, inside another, for the lambda.
    [Fact]
    public void What_a_body_uses_is_seen()
    {
        Func<Task<object>> hidden = async () =>
        {
            await Task.Yield();
            return new System.Xml.NameTable();
        };

        Assert.NotNull(hidden);
        Assert.Contains((typeof(DirectionTests).Namespace!, "System.Xml"), NamespaceUses.Of(typeof(DirectionTests).Assembly.Location));
    }

    private static bool IsOurs(string name) => name == Root || name.StartsWith($"{Root}.", StringComparison.Ordinal);
}
