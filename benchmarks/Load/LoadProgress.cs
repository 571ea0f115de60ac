using Spectre.Console;

namespace Users.Benchmarks.Load;

/// <summary>How far the rounds are, on standard error: a bar on a terminal, a line for each step elsewhere.</summary>
internal static class LoadProgress
{
    /// <summary>Runs <paramref name="work"/>, which calls what it is given at the beginning of each step.</summary>
    public static async Task RunAsync(int steps, Func<Action<string>, Task> work)
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
        {
            int begun = 0;
            await work(step => Console.Error.WriteLine($"{++begun}/{steps} {step}"));
            return;
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await terminal.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn())
            .StartAsync(async progress =>
            {
                ProgressTask bar = progress.AddTask("Starting", maxValue: steps);
                // What begins has yet to be done.
                double begun = -1;
                await work(step =>
                {
                    bar.Value = ++begun;
                    bar.Description = Markup.Escape(step);
                });
                bar.Value = steps;
            });
    }
}
