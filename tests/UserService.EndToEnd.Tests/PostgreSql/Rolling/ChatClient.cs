using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>userctl chat with a speaker who goes on when a part of what was said has been heard.</summary>
internal sealed class ChatClient(Tool userctl, string room, User speaker)
{
    private const int AtATime = 5;

    private readonly List<string> _said = [];

    /// <summary>What was said, in this order.</summary>
    public IReadOnlyList<string> Said => _said;

    /// <summary>What was heard.</summary>
    public IReadOnlyList<ChatMessage> Heard { get; private set; } = [];

    /// <summary>How often the stream broke, and went on.</summary>
    public int Resumed { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        await using ChildProcess chat = userctl.Start("chat", "--as", speaker.Id, "--room", room, "--json");
        chat.Input.AutoFlush = true;
        while (!stop.IsCancellationRequested)
        {
            string[] lines = [.. Enumerable.Range(_said.Count, AtATime).Select(number => $"{speaker.Name} {number}")];
            await chat.Input.WriteLineAsync(string.Join('\n', lines));
            _said.AddRange(lines);
            await chat.Output.FirstAsync($"\"{lines[^1]}\"");
        }

        chat.Input.Close();
        Assert.True(await chat.EndAsync() == 0, $"{chat.Error}");
        Heard = [.. chat.Output.All.Select(ChatMessage.Parser.ParseJson)];
        Resumed = chat.Error.All.Count(line => line.Contains("Back in the room.", StringComparison.Ordinal));
    }
}
