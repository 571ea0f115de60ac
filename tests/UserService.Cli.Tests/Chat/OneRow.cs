using System.Text;
using Spectre.Console;

namespace Users.Cli.Tests.Chat;

/// <summary>
/// The bottom row of a terminal, which obeys exactly what the editor may write: anything else, and any step beyond the last
/// column, is an error. A line printed scrolls up into <see cref="Above"/>.
/// </summary>
internal sealed class OneRow(int columns) : TextWriter
{
    private readonly List<string> _above = [];
    private readonly List<string> _cells = [];
    private int _column;
    private int _saved;

    public override Encoding Encoding => Encoding.UTF8;

    public IReadOnlyList<string> Above => _above;

    /// <summary>What the row shows, with | where the cursor stands.</summary>
    public string Shown => string.Concat(_cells.Take(_column)) + "|" + string.Concat(_cells.Skip(_column));

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        for (string rest = value!; rest.Length > 0;)
        {
            rest = rest[Obey(rest)..];
        }
    }

    private int Obey(string rest)
    {
        switch (rest)
        {
            case ['\r', ..]:
                _column = 0;
                return 1;
            case ['\n', ..]:
                _above.Add(string.Concat(_cells));
                _cells.Clear();
                _column = 0;
                return 1;
            case ['\e', '[', 'K', ..]:
                _cells.RemoveRange(_column, _cells.Count - _column);
                return 3;
            case ['\e', '7', ..]:
                _saved = _column;
                return 2;
            case ['\e', '8', ..]:
                _column = _saved;
                return 2;
            default:
                Assert.False(char.IsControl(rest[0]), $"The terminal was given U+{(int)rest[0]:X4}.");
                Put(Rune.GetRuneAt(rest, 0).ToString());
                return Rune.GetRuneAt(rest, 0).Utf16SequenceLength;
        }
    }

    // A wide character takes two cells, the second one empty; a combining one joins the cell before.
    private void Put(string character)
    {
        int width = character.GetCellWidth();
        if (width == 0)
        {
            _cells[_column - 1] += character;
            return;
        }

        Assert.InRange(_column + width, 0, columns - 1);
        for (int cell = 0; cell < width; cell++, _column++)
        {
            string content = cell == 0 ? character : string.Empty;
            if (_column == _cells.Count)
            {
                _cells.Add(content);
            }
            else
            {
                _cells[_column] = content;
            }
        }
    }
}
