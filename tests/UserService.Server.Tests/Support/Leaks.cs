using System.Text;
using Users.Tests.Support;

namespace Users.Server.Tests.Support;

/// <summary>
/// What no answer may hold: stack traces, names of types, paths, tokens. Every failed call that a test looks at comes by here,
/// through <see cref="Failure"/> or <see cref="RawCall"/>.
/// </summary>
internal static class Leaks
{
    // The library's words for what it cannot read, which tell nothing.
    private const string LibrarysSentence = "Exception was thrown by handler.";

    private static readonly string[] Forbidden =
    [
        "   at ", "Exception", "System.", "Microsoft.", "Users.", "Grpc.", "Google.", "SQLite", ".cs:line", ".dll", "eyJ",
        AppContext.BaseDirectory, Path.GetTempPath(), ScratchFolder.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/",
        Environment.CurrentDirectory,
    ];

    /// <param name="answer">All that reached the client: status line, headers, body, trailers.</param>
    public static void AssertNone(string answer)
    {
        string shown = answer.Replace(LibrarysSentence, "", StringComparison.Ordinal);
        Assert.All(Forbidden, leak => Assert.DoesNotContain(leak, shown, StringComparison.Ordinal));
    }

    /// <summary>As it came, its body as Latin-1, and what is base64 in it decoded.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var all = new StringBuilder($"{(int)response.StatusCode} {response.ReasonPhrase}\n{Encoding.Latin1.GetString(body)}\n");
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers).Concat(response.TrailingHeaders))
        {
            foreach (string value in values)
            {
                // Base64 itself says nothing, and has any three letters in it by chance.
                string text = name.EndsWith("-bin", StringComparison.Ordinal)
                    ? Encoding.Latin1.GetString(Decode(value))
                    : Uri.UnescapeDataString(value);
                all.Append(name).Append(": ").Append(text).Append('\n');
            }
        }

        return all.ToString();
    }

    public static byte[] Decode(string base64) => Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));

    /// <summary>A call that failed, as its library tells it.</summary>
    public static string Of(Failure failure) => string.Join('\n',
    [
        failure.Text, failure.Details?.ToString() ?? "",
        .. failure.Trailers.Select(entry => $"{entry.Key}: {(entry.IsBinary ? Encoding.Latin1.GetString(entry.ValueBytes) : entry.Value)}"),
    ]);
}
