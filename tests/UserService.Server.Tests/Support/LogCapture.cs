using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Users.Server.Tests.Support;

/// <summary>Keeps what the server logs, and lets a test wait for a line.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly ConcurrentDictionary<LogLine, byte> _expected = new();
    private event Action<LogLine>? Written;

    public IReadOnlyCollection<LogLine> Lines => _lines;

    /// <summary>What a test may call expected beside the lines that it waits for.</summary>
    public Predicate<LogLine> Expected { get; set; } = _ => false;

    /// <summary>Waits for a line that comes after this moment.</summary>
    public Task<LogLine> WaitForNextAsync(Predicate<LogLine> isIt)
    {
        HashSet<LogLine> earlier = [.. _lines];
        return WaitForAsync(line => !earlier.Contains(line) && isIt(line));
    }

    /// <summary>Waits for a line, past or to come; an error that was waited for is an expected one.</summary>
    public async Task<LogLine> WaitForAsync(Predicate<LogLine> isIt)
    {
        var found = new TaskCompletionSource<LogLine>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(LogLine line)
        {
            if (isIt(line))
            {
                found.TrySetResult(line);
            }
        }

        Written += Look;
        foreach (LogLine line in _lines)
        {
            Look(line);
        }

        LogLine result = await found.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Written -= Look;
        _expected[result] = 0;
        return result;
    }

    /// <summary>Waits until a call that begins after this moment has reached its method.</summary>
    public Task<LogLine> WaitForNextCallAsync(string method) => WaitForNextAsync(line =>
        line.Text.StartsWith($"Executing endpoint 'gRPC - /users.v1.UserService/{method}'", StringComparison.Ordinal));

    /// <summary>Waits until a call has ended so.</summary>
    public Task<LogLine> WaitForCallAsync(string method, string status) =>
        WaitForAsync(line => line.Text.Contains($"Service/{method} ended {status} ", StringComparison.Ordinal));

    public void AssertNoUnexpectedError()
    {
        IEnumerable<LogLine> errors = _lines.Where(line => line.Level >= LogLevel.Error && !_expected.ContainsKey(line) && !Expected(line));
        string text = string.Join(Environment.NewLine, errors.Select(line => $"{line.Category}: {line.Text} {line.Exception}"));
        Assert.True(text.Length == 0, $"The server logged unexpected errors:{Environment.NewLine}{text}");
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LogLine line)
    {
        _lines.Enqueue(line);
        Written?.Invoke(line);
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            capture.Add(new LogLine(logLevel, category, formatter(state, exception), exception));
    }
}

/// <summary>One line of the log. A class, so that two lines with the same text are two.</summary>
internal sealed class LogLine(LogLevel level, string category, string text, Exception? exception)
{
    public LogLevel Level => level;

    public string Category => category;

    public string Text => text;

    public Exception? Exception => exception;
}
