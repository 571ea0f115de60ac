using System.Buffers;
using System.Text;
using Google.Protobuf;
using Users.Client.Output;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>Writes users as CSV or NDJSON, with what <see cref="CsvUsers"/> and <see cref="NdjsonUsers"/> need to read them again.</summary>
/// <param name="open">Opens the file when the first user is there, or the list has ended: a server that fails at once costs no file.</param>
/// <param name="format">How users are written.</param>
/// <param name="goesOn">The file has users, and its header row, from before.</param>
internal sealed class UserWriter(Func<Stream> open, DataFormat format, bool goesOn) : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffff'Z'";
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");
    private readonly StringBuilder _row = new();
    private StreamWriter? _text;
    private bool _isBroken;

    public async ValueTask StartAsync()
    {
        if (_text is not null)
        {
            return;
        }

        Stream stream = open();
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize);
        bool isEmpty = !goesOn || (stream.CanSeek && stream.Length == 0);
        if (format is DataFormat.Csv && isEmpty)
        {
            await _text.WriteAsync($"{string.Join(',', UserFields.All.Select(field => field.Name))}\n");
        }
    }

    // Not to be cancelled: half a line would be left.
    public async ValueTask WriteAsync(User user)
    {
        await StartAsync();
        _row.Clear();
        if (format is DataFormat.Csv)
        {
            for (int i = 0; i < UserFields.All.Count; i++)
            {
                _row.Append(i > 0 ? "," : "");
                Add(UserFields.All[i].Text(user, TimeFormat));
            }
        }
        else
        {
            _row.Append(SafeText.NeutraliseJson(JsonFormatter.Default.Format(user)));
        }

        try
        {
            await _text!.WriteAsync(_row.Append('\n'));
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            _isBroken = true;
            // .NET takes a file that grows beyond what its disk, or its user, may hold for a wrong argument.
            throw e as IOException ?? new IOException("the file would be too large", e);
        }
    }

    // What could not be written is not tried again: a part of it may be there.
    public ValueTask DisposeAsync() => _text is null ? ValueTask.CompletedTask
        : _isBroken ? _text.BaseStream.DisposeAsync()
        : _text.DisposeAsync();

    // No value is changed: a name that starts with = stays so, whatever a spreadsheet makes of it.
    private void Add(string value) => _ = value.AsSpan().ContainsAny(NeedQuotes)
        ? _row.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"')
        : _row.Append(value);
}
