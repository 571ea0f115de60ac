using Google.Protobuf;
using Users.Cli.Output;
using Users.Client.Output;
using Users.V1;

namespace Users.Cli.Chat;

/// <summary>
/// Shows what is said, one line for each message, above the line being typed if there is one; for a program, as the message in
/// proto3's JSON.
/// </summary>
internal sealed class ChatView(Screen screen, Report report, SpeakerNames names, string ownId, LineEditor? editor, bool isJson = false)
{
    public async Task ShowAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        if (isJson)
        {
            screen.Json(JsonFormatter.Default.Format(message));
            return;
        }

        string name = await names.FindAsync(message.UserId, cancellationToken);
        Print(() => screen.Line(
            ($"#{message.Sequence} ", Tone.Quiet),
            ($"{name}: ", message.UserId == ownId ? Tone.Sent : Tone.Received),
            (message.Message, Tone.Plain)));
    }

    /// <summary>Shows what happens to the chat itself.</summary>
    public void Note(string sentence) => Print(() => report.Note(sentence));

    private void Print(Action print)
    {
        if (editor is null)
        {
            print();
        }
        else
        {
            editor.Print(print);
        }
    }
}
