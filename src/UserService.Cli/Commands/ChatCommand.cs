using System.CommandLine;
using System.CommandLine.Parsing;
using System.Threading.Channels;
using Users.Cli.Chat;
using Users.Cli.Files;
using Users.Client.Output;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl chat</c>: talks in a room, from the keyboard or from a pipe.</summary>
internal sealed class ChatCommand : Command
{
    private readonly Option<string> _as = new("--as")
    {
        Description = "The speaker: the id of a user or, where speakers need not be users, a name.",
        HelpName = "user-id",
        Required = true,
    };

    private readonly Option<string> _room = new("--room")
    {
        Description = "The room to join.",
        HelpName = "room",
        DefaultValueFactory = _ => "lobby",
    };

    private readonly Option<long?> _after = new("--after")
    {
        Description = "First show what was said after this sequence number; 0 shows everything.",
        HelpName = "sequence",
        CustomParser = ParseSequence,
    };

    public ChatCommand(ServiceAction action)
        : base("chat", "Talks in a room: each line is a message. Ctrl+D or /quit leaves, and so does the end of a pipe.")
    {
        Options.Add(_as);
        Options.Add(_room);
        Options.Add(_after);
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        var join = new ChatMessage { UserId = parsed.GetRequiredValue(_as), Room = parsed.GetRequiredValue(_room) };
        if (parsed.GetValue(_after) is { } sequence)
        {
            join.AfterSequence = sequence;
        }

        bool isPerson = session.Screen.IsTerminal && !Console.IsInputRedirected && !session.Target.Json;
        if (isPerson)
        {
            // Asked only because it makes .NET switch off the terminal's own echo, which would leave a row of what is typed too early.
            _ = Console.KeyAvailable;
        }

        // Asked first because a chat has no deadline: a server that does not answer is found out here.
        var names = new SpeakerNames(session.Client);
        (join.UserId, string self) = await names.SelfAsync(join.UserId, cancellationToken);

        LineEditor? editor = null;
        if (isPerson)
        {
            editor = new LineEditor(Console.Out, () => Console.WindowWidth);
            session.Screen.Line($"In the room {join.Room} as {self}. Enter speaks; Ctrl+D or /quit leaves.", Tone.Quiet);
            editor.Open();
        }

        var view = new ChatView(session.Screen, session.Report, names, join.UserId, editor, session.Target.Json);
        var input = new ChatInput(view.Note);
        ChannelReader<string> lines = editor is null
            ? input.OfText(DataFile.Text(DataFile.OpenRead(DataFile.Standard)))
            : input.OfKeys(editor, () => Console.ReadKey(intercept: true), () => Console.KeyAvailable);
        try
        {
            using var own = new OwnLines(lines);
            await new ChatSession(session, join, own, view) { LeavesAtOnce = editor is not null }.RunAsync(cancellationToken);
            // A person has seen it.
            return input.Refused == 0 || isPerson ? ExitCodes.Success : ExitCodes.Failed;
        }
        finally
        {
            editor?.Close();
        }
    }

    private static long? ParseSequence(ArgumentResult result) =>
        Numbers.Parse<long>(result, sequence => sequence >= 0, "--after takes a sequence number, 0 or more");
}
