namespace Users.Cli.Files;

/// <summary>A text, character by character, that knows its lines. Memory is one buffer, whatever the length.</summary>
internal sealed class CharSource(TextReader text)
{
    private readonly char[] _buffer = new char[32 * 1024];
    private int _position;
    private int _length;
    private bool _afterReturn;

    /// <summary>The line of the next character, from 1; one ends with LF, CR LF or CR, as editors count.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Takes the next character, if the buffer has one.</summary>
    public bool TryTake(out char character)
    {
        if (_position == _length)
        {
            character = default;
            return false;
        }

        character = _buffer[_position++];
        if (character == '\r' || (character == '\n' && !_afterReturn))
        {
            Line++;
        }

        _afterReturn = character == '\r';
        return true;
    }

    /// <summary>Fills the empty buffer.</summary>
    /// <returns>False at the end of the text.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        // A read of a terminal or a pipe cannot be cancelled; an interruption leaves it behind.
        _length = await text.ReadAsync(_buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
        _position = 0;
        return _length > 0;
    }
}
