using System.Globalization;
using System.Text.RegularExpressions;

namespace Users.EndToEnd.Tests.Support;

/// <summary>The sample client as a process, its output in pipes, with a folder of its own for temporary files.</summary>
internal sealed partial class TourProcess : IAsyncDisposable
{
    private readonly TestFolder _temporary = new();

    public TourProcess(params string[] arguments) => Process = new ChildProcess(
        ChildProcess.Program("UserService.Client"),
        arguments,
        [$"TMPDIR={_temporary.Path}", $"TEMP={_temporary.Path}", $"TMP={_temporary.Path}"]);

    public ChildProcess Process { get; }

    /// <summary>Where the client makes its temporary files.</summary>
    public string TemporaryFolder => _temporary.Path;

    /// <summary>The folders of the tour's servers.</summary>
    public IEnumerable<string> ServerFolders => Directory.GetDirectories(_temporary.Path, "users-tour-*");

    /// <summary>Each method that was called and how its call ended, in order.</summary>
    public IEnumerable<string> Steps => string
        .Join('\n', Process.Output.All.Where(line => MethodOrStatus().IsMatch(line)).Select(line => line.Trim()))
        .Split("users.v1.UserService/", StringSplitOptions.RemoveEmptyEntries)
        .Select(step => string.Join(' ', step.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The process id of the tour's own server, once it said so.</summary>
    public async Task<int> ServerIdAsync() => int.Parse(
        ServerId().Match(await Process.Output.FirstAsync("started its own at")).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>Asserts that neither the tour's server nor its folder is left.</summary>
    public async Task AssertNothingIsLeftAsync()
    {
        int id = await ServerIdAsync();
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(id));
        Assert.Empty(ServerFolders);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _temporary.Dispose();
    }

    [GeneratedRegex(@"^   (users\.v1\.UserService/\w+|[A-Z_]+( \([A-Z_]+\))?)$")]
    private static partial Regex MethodOrStatus();

    [GeneratedRegex(@"\(process (\d+),")]
    private static partial Regex ServerId();
}
