using Users.EndToEnd.Tests.Documents;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>The README's chat, typed line by line into two terminals.</summary>
public sealed class TerminalChatTests(DevelopmentServer server) : IClassFixture<DevelopmentServer>
{
    [Fact]
    public async Task Both_see_each_line_as_it_is_said()
    {
        await Tools.RequireBufAsync();
        string[] typed = [.. Document.Read("README.md").Code.Where(line => line.StartsWith('{') && line.EndsWith('}'))];
        Assert.Equal(2, typed.Length);
        string joinsAsAlan = typed[0].Replace("000001", "000002", StringComparison.Ordinal);
        Assert.NotEqual(typed[0], joinsAsAlan);
        await using ChildProcess ada = Open();
        await using ChildProcess alan = Open();

        await TypeAsync(alan, joinsAsAlan, typed[1]);
        await alan.Output.FirstAsync("\"sequence\": \"1\"");
        await TypeAsync(ada, typed[0], typed[1].Replace("Hello", "Hello, Alan", StringComparison.Ordinal));

        await ada.Output.FirstAsync("\"message\": \"Hello, Alan\"");
        await alan.Output.FirstAsync("\"message\": \"Hello, Alan\"");
        foreach (ChildProcess terminal in (ChildProcess[])[ada, alan])
        {
            terminal.Input.Close();
            Assert.Equal(0, await terminal.EndAsync());
        }
    }

    private static async Task TypeAsync(ChildProcess terminal, params string[] lines)
    {
        foreach (string line in lines)
        {
            await terminal.Input.WriteLineAsync(line);
        }

        await terminal.Input.FlushAsync(TestContext.Current.CancellationToken);
    }

    private ChildProcess Open() => DocumentedCalls.Chat.Open(server.Address, server.Elsewhere);
}
