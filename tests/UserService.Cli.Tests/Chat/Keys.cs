namespace Users.Cli.Tests.Chat;

/// <summary>Keys as <see cref="Console.ReadKey(bool)"/> answers them on a terminal, from a text with signs for those that have no letter.</summary>
internal static class Keys
{
    public static readonly ConsoleKeyInfo CtrlD = Control('\u0004', ConsoleKey.D);
    public static readonly ConsoleKeyInfo CtrlU = Control('\u0015', ConsoleKey.U);

    public static IEnumerable<ConsoleKeyInfo> Of(string text) => text.Select(sign => sign switch
    {
        '⏎' => Key('\r', ConsoleKey.Enter),
        '↵' => Control('\n', ConsoleKey.Enter),
        '⌫' => Key('\u007F', ConsoleKey.Backspace),
        '⌦' => Key('\0', ConsoleKey.Delete),
        '←' => Key('\0', ConsoleKey.LeftArrow),
        '→' => Key('\0', ConsoleKey.RightArrow),
        '↑' => Key('\0', ConsoleKey.UpArrow),
        '⇤' => Key('\0', ConsoleKey.Home),
        '⇥' => Key('\0', ConsoleKey.End),
        '↹' => Key('\t', ConsoleKey.Tab),
        '⎋' => Key('\u001B', ConsoleKey.Escape),
        '✂' => CtrlU,
        // The halves of U+1F44B: a test's attributes cannot hold them.
        '▲' => Key('\uD83D', ConsoleKey.None),
        '▼' => Key('\uDC4B', ConsoleKey.None),
        _ => Key(sign, ConsoleKey.None),
    });

    private static ConsoleKeyInfo Key(char character, ConsoleKey key) => new(character, key, shift: false, alt: false, control: false);

    private static ConsoleKeyInfo Control(char character, ConsoleKey key) => new(character, key, shift: false, alt: false, control: true);
}
