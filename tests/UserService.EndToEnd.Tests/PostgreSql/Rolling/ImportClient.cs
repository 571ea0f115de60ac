using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>userctl import, one file after another. Each has users that are nowhere else, and the sum has to say so.</summary>
internal sealed partial class ImportClient(Tool userctl, TestFolder folder)
{
    private const int UsersOfAFile = 3_000;

    private readonly List<string> _emails = [];

    public IReadOnlyList<string> Emails => _emails;

    /// <summary>Users that had been stored although the answer about them was lost with its server.</summary>
    public int Resolved { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            string[] emails = [.. Enumerable.Range(0, UsersOfAFile).Select(_ => $"{Guid.NewGuid():n}@example.com")];
            string file = folder.File($"{_emails.Count}.csv");
            await File.WriteAllLinesAsync(file, emails.Select(email => $"Somebody,{email}").Prepend("name,email"), CancellationToken.None);
            await using ChildProcess import = userctl.Start("import", file);
            Assert.True(await import.EndAsync() == 0, $"{import.Error}");
            Match sum = Sum().Match(Assert.Single(import.Output.All));
            (int created, int existing) = (int.Parse(sum.Groups[1].ValueSpan, null), int.Parse(sum.Groups[2].ValueSpan, null));
            Assert.Equal(UsersOfAFile, created + existing);
            // An upload that the server itself ends is answered: SHUTTING_DOWN says that a part of it may be stored.
            bool isEndedByServer = import.Error.All.Any(line => line.StartsWith("The server is not available; sending ", StringComparison.Ordinal));
            Resolved += isEndedByServer ? 0 : existing;
            _emails.AddRange(emails);
        }
    }

    [GeneratedRegex("^(\\d+) created, (\\d+) already there, 0 refused, 0 bad lines\\.$")]
    private static partial Regex Sum();
}
