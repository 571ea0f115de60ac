using System.Globalization;
using Spectre.Console;
using Users.Client.Output;

namespace Users.Cli.Chat;

/// <summary>
/// The line that a person is typing, kept in one row at the bottom of a terminal; a text longer than the row scrolls in it.
/// While it is there, everything is printed through <see cref="Print"/>. Safe to use from several threads at once.
/// </summary>
/// <param name="terminal">A terminal that understands escape sequences.</param>
/// <param name="columns">The terminal's width at this moment.</param>
internal sealed class LineEditor(TextWriter terminal, Func<int> columns)
{
    /// <summary>The line that leaves the chat; Ctrl+D stands for it.</summary>
    public const string Quit = "/quit";

    private const string Prompt = "> ";
    private const char HiddenText = '<';
    private const char CtrlD = '\u0004';
    private const char CtrlU = '\u0015';
    private const char EmojiPresentation = '\uFE0F';
    private const string ClearRow = "\r\e[K";

    private readonly Lock _turn = new();
    private string _text = string.Empty;
    private int _cursor;
    private char _highSurrogate;
    private bool _isOpen;

    public void Open()
    {
        lock (_turn)
        {
            _isOpen = true;
            Draw();
        }
    }

    /// <summary>Takes the line off the terminal; nothing draws it any more.</summary>
    public void Close()
    {
        lock (_turn)
        {
            if (_isOpen)
            {
                terminal.Write(ClearRow);
                _isOpen = false;
            }
        }
    }

    /// <summary>Runs <paramref name="print"/>, which writes whole lines to the same terminal, above the line being typed.</summary>
    public void Print(Action print)
    {
        lock (_turn)
        {
            if (_isOpen)
            {
                terminal.Write(ClearRow);
            }

            print();
            Draw();
        }
    }

    /// <param name="key">What was typed.</param>
    /// <param name="isDrawn">Whether the terminal shows it now, or with a later key: drawing takes longer than typing.</param>
    /// <returns>The line, if the key finished one.</returns>
    public string? Press(ConsoleKeyInfo key, bool isDrawn = true)
    {
        lock (_turn)
        {
            string? line = Apply(key);
            if (isDrawn)
            {
                Draw();
            }

            return line;
        }
    }

    private string? Apply(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.Enter } or { KeyChar: '\r' or '\n' }:
                string line = _text;
                (_text, _cursor) = (string.Empty, 0);
                return line;
            case { KeyChar: CtrlD }:
                return Quit;
            case { KeyChar: CtrlU }:
                Remove(0, _text.Length);
                break;
            case { Key: ConsoleKey.Backspace }:
                Remove(Before(_cursor), _cursor);
                break;
            case { Key: ConsoleKey.Delete }:
                Remove(_cursor, After(_cursor));
                break;
            case { Key: ConsoleKey.LeftArrow }:
                _cursor = Before(_cursor);
                break;
            case { Key: ConsoleKey.RightArrow }:
                _cursor = After(_cursor);
                break;
            case { Key: ConsoleKey.Home }:
                _cursor = 0;
                break;
            case { Key: ConsoleKey.End }:
                _cursor = _text.Length;
                break;
            case { KeyChar: '\t' }:
                Insert(' ');
                break;
            case { KeyChar: char typed } when !char.IsControl(typed):
                Insert(typed);
                break;
        }

        return null;
    }

    // A character beyond the basic plane arrives as two keys; half of one is never kept.
    private void Insert(char typed)
    {
        char high = _highSurrogate;
        _highSurrogate = char.IsHighSurrogate(typed) ? typed : default;
        if (char.IsHighSurrogate(typed) || (char.IsLowSurrogate(typed) && high == default))
        {
            return;
        }

        string text = char.IsLowSurrogate(typed) ? $"{high}{typed}" : $"{typed}";
        _text = _text.Insert(_cursor, text);
        _cursor += text.Length;
    }

    private void Remove(int start, int end)
    {
        _text = _text.Remove(start, end - start);
        _cursor = start;
    }

    // What a reader takes for one character may be several: a letter and its accents, an emoji and its colour.
    private int Before(int position) => StringInfo.ParseCombiningCharacters(_text).LastOrDefault(start => start < position);

    private int After(int position) =>
        StringInfo.ParseCombiningCharacters(_text).FirstOrDefault(start => start > position, _text.Length);

    private void Draw()
    {
        if (!_isOpen)
        {
            return;
        }

        // One column stays free: writing into the last one makes some terminals go on to the next row.
        int room = Math.Max(columns() - Prompt.Length - 1, 2);
        string[] left = Shown(_text[.._cursor]);
        string[] right = Shown(_text[_cursor..]);
        int leftRoom = room - Math.Min(right.Sum(Width), room / 4);
        string before = left.Sum(Width) <= leftRoom
            ? string.Concat(left)
            : HiddenText + string.Concat(Fitting(left.Reverse(), leftRoom - 1).Reverse());
        string after = string.Concat(Fitting(right, room - Width(before)));

        // The terminal itself keeps the cursor's place (ESC 7, ESC 8): how wide it draws a character, only it knows for sure.
        terminal.Write($"\r{Prompt}{before}\e7{after}\e[K\e8");
    }

    private static string[] Shown(string text)
    {
        var elements = new List<string>();
        for (TextElementEnumerator element = StringInfo.GetTextElementEnumerator(text); element.MoveNext();)
        {
            elements.Add(SafeText.Neutralise(element.GetTextElement()));
        }

        return [.. elements];
    }

    private static IEnumerable<string> Fitting(IEnumerable<string> elements, int room) =>
        elements.TakeWhile(element => (room -= Width(element)) >= 0);

    // Rather too much than too little.
    private static int Width(string shown) => shown.GetCellWidth() + shown.Count(character => character == EmojiPresentation);
}
