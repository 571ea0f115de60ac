using System.Text;

namespace Users.Cli.Files;

/// <summary>
/// Reads CSV by RFC 4180, strictly: a field may stand in quotes, then it may hold commas, line breaks and, doubled, quotes.
/// A record ends with LF, CR LF or CR; blank lines are none. After a malformed record the reader goes on behind the next line
/// break.
/// </summary>
internal sealed class CsvReader(CharSource source)
{
    /// <summary>The longest record, in characters, with its line break; also what a quote that is never closed may swallow.</summary>
    public const int MaxRecordLength = 64 * 1024;

    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private State _state;
    private int _recordLength;

    private enum State
    {
        RecordStart,
        FieldStart,
        Bare,
        Quoted,
        QuoteInQuoted,
        Malformed,
    }

    /// <summary>The record's fields; worthless when there is a <see cref="Fault"/>.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>Why the record is malformed; null if it is not.</summary>
    public string? Fault { get; private set; }

    /// <summary>The line on which the record starts, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        (_state, _recordLength, Fault) = (State.RecordStart, 0, null);
        _fields.Clear();
        _field.Clear();
        do
        {
            while (source.TryTake(out char c))
            {
                if (IsEnd(c))
                {
                    return true;
                }
            }
        }
        while (await source.FillAsync(cancellationToken));

        return IsEndOfText();
    }

    private bool IsEnd(char c)
    {
        bool isBreak = c is '\r' or '\n';
        if (_state == State.RecordStart)
        {
            if (isBreak)
            {
                return false;
            }

            Line = source.Line;
        }

        if (++_recordLength > MaxRecordLength && _state != State.Malformed)
        {
            Fail($"has more than {MaxRecordLength} characters; is a closing quote missing?");
        }

        switch (_state)
        {
            case State.Malformed:
                return isBreak;
            case State.RecordStart or State.FieldStart when c == '"':
                _state = State.Quoted;
                return false;
            case State.Quoted when c == '"':
                _state = State.QuoteInQuoted;
                return false;
            case State.Quoted:
                _field.Append(c);
                return false;
            case State.QuoteInQuoted when c == '"':
                _field.Append(c);
                _state = State.Quoted;
                return false;
            case var _ when c == ',' || isBreak:
                EndField();
                return isBreak;
            case State.QuoteInQuoted:
                Fail("has text behind a closing quote; inside quotes, write a quote twice.");
                return false;
            case State.Bare when c == '"':
                Fail("has a quote inside a field without quotes; put the field in quotes and write the quote twice.");
                return false;
            default:
                _field.Append(c);
                _state = State.Bare;
                return false;
        }
    }

    private bool IsEndOfText()
    {
        switch (_state)
        {
            case State.RecordStart:
                return false;
            case State.Quoted:
                Fail("has a quote that is never closed.");
                return true;
            case State.Malformed:
                return true;
            default:
                EndField();
                return true;
        }
    }

    private void EndField()
    {
        _fields.Add(_field.ToString());
        _field.Clear();
        _state = State.FieldStart;
    }

    private void Fail(string fault) => (_state, Fault) = (State.Malformed, fault);
}
