using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Users.Data.Tests;

/// <summary>What is logged, at every level.</summary>
internal sealed class LogLines : ILoggerProvider
{
    public ConcurrentQueue<(string Source, LogLevel Level, string Text)> All { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, All);

    public void Dispose()
    {
    }

    private sealed class Logger(string source, ConcurrentQueue<(string Source, LogLevel Level, string Text)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((source, logLevel, formatter(state, exception)));
    }
}
