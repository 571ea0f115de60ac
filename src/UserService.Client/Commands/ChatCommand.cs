using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Threading.Channels;
using Grpc.Net.Client;
using Users.Client.Chat;
using Users.Client.Connection;
using Users.Client.Output;
using Users.V1;

namespace Users.Client.Commands;

/// <summary><c>users chat</c>: talks in a room, from the keyboard or from a pipe.</summary>
internal sealed class ChatCommand : Command
{
    private readonly TargetOptions _target;
    private readonly Screen _screen;

    private readonly Option<string> _as = new("--as")
    {
        Description = "The id of the user who speaks.",
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

    public ChatCommand(TargetOptions target, Screen screen)
        : base("chat", "Talks in a room: each line is a message. Ctrl+D or /quit leaves, and so does the end of a pipe.")
    {
        (_target, _screen) = (target, screen);
        Options.Add(_as);
        Options.Add(_room);
        Options.Add(_after);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Target target = _target.Read(parsed);
        var join = new ChatMessage { UserId = parsed.GetRequiredValue(_as), Room = parsed.GetRequiredValue(_room) };
        if (parsed.GetValue(_after) is { } sequence)
        {
            join.AfterSequence = sequence;
        }

        return CommandGuard.RunAsync(_screen, target, () => ChatAsync(target, join, cancellationToken), cancellationToken);
    }

    private async Task<int> ChatAsync(Target target, ChatMessage join, CancellationToken cancellationToken)
    {
        using GrpcChannel channel = UsersChannel.Open(target.Address);
        UserService.UserServiceClient client = channel.CreateClient(target.Deadline);
        // Asked first because a chat has no deadline: a server that does not answer is found out here.
        User self = await client.GetUserAsync(new GetUserRequest { Id = join.UserId }, cancellationToken: cancellationToken);
        var names = new SpeakerNames(client);
        names.Keep(self.Id, self.Name);

        LineEditor? editor = null;
        if (_screen.IsTerminal && !Console.IsInputRedirected)
        {
            editor = new LineEditor(Console.Out, () => Console.WindowWidth);
            _screen.Line($"In the room {join.Room} as {self.Name}. Enter speaks; Ctrl+D or /quit leaves.", Tone.Quiet);
            editor.Open();
        }

        ChannelReader<string> lines = editor is null
            ? ChatInput.OfText(Console.In)
            : ChatInput.OfKeys(editor, () => Console.ReadKey(intercept: true));
        try
        {
            using var call = new ChatCall(client, cancellationToken);
            await call.RunAsync(join, lines, new ChatView(_screen, names, self.Id, editor).ShowAsync);
            return ExitCodes.Success;
        }
        finally
        {
            editor?.Close();
        }
    }

    private static long? ParseSequence(ArgumentResult result)
    {
        string value = result.Tokens[^1].Value;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence))
        {
            return sequence;
        }

        result.AddError($"--after takes a sequence number, 0 or more, not '{value}'.");
        return null;
    }
}
