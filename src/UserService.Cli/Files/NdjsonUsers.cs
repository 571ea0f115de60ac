using System.Runtime.CompilerServices;
using Google.Protobuf;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>Users as NDJSON: on each line an object with name, email and perhaps requestId, in the form of proto3's JSON; what
/// else it has is ignored.</summary>
internal static class NdjsonUsers
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <exception cref="CommandException">It is no text in UTF-8.</exception>
    public static async IAsyncEnumerable<UserLine> ReadAsync(TextReader text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new LineReader(new CharSource(text));
        while (await lines.ReadAsync(cancellationToken))
        {
            if (lines.IsTooLong)
            {
                yield return UserLine.Bad(lines.Line, $"has more than {LineReader.MaxLength} characters.");
            }
            else if (lines.Line == 1 && lines.Text.Contains('\0', StringComparison.Ordinal))
            {
                throw new CommandException("The file is UTF-16; save it as UTF-8.", ExitCodes.BadFile);
            }
            else if (!string.IsNullOrWhiteSpace(lines.Text))
            {
                yield return Parse(lines.Line, lines.Text);
            }
        }
    }

    private static UserLine Parse(long line, string json)
    {
        try
        {
            return UserLine.Good(line, Parser.Parse<CreateUserRequest>(json));
        }
        // The parser's own exceptions, and what a lone surrogate such as "\ud800" raises.
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or ArgumentException)
        {
            return UserLine.Bad(line, "is not a JSON object such as {\"name\": \"Ada\", \"email\": \"ada@example.com\"}.");
        }
    }
}
