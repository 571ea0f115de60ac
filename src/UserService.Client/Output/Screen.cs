using Spectre.Console;

namespace Users.Client.Output;

/// <summary>
/// The only way to the user's screen. It takes plain text, with its tone beside it, and neutralises all of it, so that text
/// from a server can be shown like any other. Safe to use from several tasks at once.
/// </summary>
internal sealed class Screen
{
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly IAnsiConsole? _terminal;
    private readonly bool _hasStatus;
    private readonly Lock _turn = new();
    private bool _showsStatus;

    /// <param name="output">Where lines go when there is no terminal.</param>
    /// <param name="error">Where errors go, always without colours.</param>
    /// <param name="terminal">A terminal that understands escape sequences; null for a pipe, a file, or a dumb terminal.</param>
    /// <param name="hasStatus">Whether <paramref name="error"/> is a terminal that understands escape sequences.</param>
    public Screen(TextWriter output, TextWriter error, IAnsiConsole? terminal = null, bool hasStatus = false) =>
        (_output, _error, _terminal, _hasStatus) = (output, error, terminal, hasStatus);

    /// <summary>The screen of this process.</summary>
    public static Screen OfProcess()
    {
        bool isDumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        bool isPlain = Console.IsOutputRedirected || isDumb;
        TextWriter output = Console.IsOutputRedirected ? new StreamWriter(StandardStreams.OpenOutput(), StandardStreams.Utf8) : Console.Out;
        TextWriter error = StandardStreams.IsErrorClosed ? TextWriter.Null
            : Console.IsErrorRedirected ? new StreamWriter(Console.OpenStandardError(), StandardStreams.Utf8)
            : Console.Error;
        return new Screen(output, error, isPlain ? null : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                ? ColorSystemSupport.Detect
                : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(Console.Out),
        }), hasStatus: !Console.IsErrorRedirected && !isDumb);
    }

    /// <summary>Standard output, for what is no text from elsewhere, such as help. What is written there is flushed by its writer.</summary>
    public TextWriter Output => _output;

    /// <summary>Whether a person reads this, rather than a program.</summary>
    public bool IsTerminal => _terminal is not null;

    /// <summary>Writes one line; a line break inside a piece is neutralised like any other control character.</summary>
    /// <exception cref="CommandException">Standard output cannot be written.</exception>
    public void Line(params ReadOnlySpan<(string Text, Tone Tone)> pieces)
    {
        if (_terminal is null)
        {
            Write(string.Concat(Texts(pieces)));
            return;
        }

        lock (_turn)
        {
            EraseStatus();

            var line = new Paragraph();
            foreach ((string text, Tone tone) in pieces)
            {
                line.Append(SafeText.Neutralise(text), StyleOf(tone));
            }

            _terminal.Write(line);
            _terminal.WriteLine();
        }
    }

    public void Line(string text, Tone tone = Tone.Plain) => Line((text, tone));

    /// <summary>Writes one line to standard error.</summary>
    public void Error(string text) => WriteError(SafeText.Neutralise(text));

    /// <summary>Writes one line of JSON, whole and without colours, to standard output or standard error.</summary>
    /// <exception cref="CommandException">Standard output cannot be written.</exception>
    public void Json(string json, bool isError = false)
    {
        string line = SafeText.NeutraliseJson(json);
        if (isError)
        {
            WriteError(line);
        }
        else
        {
            Write(line);
        }
    }

    /// <summary>Shows a line at the end of standard error, if that is a terminal, until anything else is written there.</summary>
    public void Status(string text)
    {
        if (!_hasStatus)
        {
            return;
        }

        lock (_turn)
        {
            EraseStatus();
            _error.Write(SafeText.Neutralise(text));
            _showsStatus = true;
        }
    }

    /// <summary>Takes away what <see cref="Status"/> shows.</summary>
    public void EndStatus()
    {
        lock (_turn)
        {
            EraseStatus();
        }
    }

    /// <summary>Runs <paramref name="work"/> under a progress bar, which it moves by calling what it is given with the number
    /// done so far. A pipe sees no bar.</summary>
    public async Task ProgressAsync(string what, int total, Func<Action<int>, Task> work)
    {
        if (_terminal is null)
        {
            await work(_ => { });
            return;
        }

        await _terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                // The one place where Spectre.Console insists on markup.
                ProgressTask bar = progress.AddTask(Markup.Escape(SafeText.Neutralise(what)), maxValue: total);
                await work(done => bar.Value = done);
            });
    }

    private static string[] Texts(ReadOnlySpan<(string Text, Tone Tone)> pieces)
    {
        string[] texts = new string[pieces.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = SafeText.Neutralise(pieces[i].Text);
        }

        return texts;
    }

    private void Write(string line)
    {
        lock (_turn)
        {
            EraseStatus();
            try
            {
                _output.WriteLine(line);
                _output.Flush();
            }
            catch (IOException e)
            {
                throw StandardStreams.Failure(e);
            }
        }
    }

    private void WriteError(string line)
    {
        lock (_turn)
        {
            EraseStatus();
            try
            {
                _error.WriteLine(line);
                _error.Flush();
            }
            catch (IOException)
            {
                // There is no other place to say so; the exit code tells.
            }
        }
    }

    private void EraseStatus()
    {
        if (_showsStatus)
        {
            _error.Write("\r\u001b[K");
            _showsStatus = false;
        }
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Quiet => new Style(decoration: Decoration.Dim),
        Tone.Heading => new Style(decoration: Decoration.Bold),
        Tone.Sent => new Style(Color.Blue),
        Tone.Received => new Style(Color.Aqua),
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };
}
