using System.Text;

namespace Users.Cli.Files;

/// <summary>Reads lines of at most <see cref="MaxLength"/> characters; unlike TextReader.ReadLine, which takes a file without a line
/// break into memory whole.</summary>
internal sealed class LineReader(CharSource source)
{
    public const int MaxLength = 64 * 1024;

    private readonly StringBuilder _text = new();

    /// <summary>The line without its end; cut off when it is <see cref="IsTooLong"/>.</summary>
    public string Text => _text.ToString();

    public bool IsTooLong { get; private set; }

    /// <summary>The number of the line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next line that is not empty.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _text.Clear();
        IsTooLong = false;
        do
        {
            while (source.TryTake(out char c))
            {
                if (c is not ('\r' or '\n'))
                {
                    Line = source.Line;
                    IsTooLong |= _text.Length == MaxLength;
                    _ = IsTooLong ? _text : _text.Append(c);
                }
                else if (_text.Length > 0)
                {
                    return true;
                }
            }
        }
        while (await source.FillAsync(cancellationToken));

        return _text.Length > 0;
    }
}
