using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>The tours in the documents, each run by a shell against a server of the test's own.</summary>
public sealed partial class TourCommandTests(SharedServer shared) : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_tour_does_what_the_documents_say()
    {
        string tour = $"'{ChildProcess.DotnetHost}' '{ChildProcess.Program("UserService.Client")}'";
        // The default address may be somebody's: there the first tour would go.
        foreach (ClientCommand command in ClientCommand.Tours.Where(command => Address().IsMatch(command.Line)))
        {
            string line = Address().Replace(RunProject().Replace(command.Line, tour), shared.Server.Address);

            ShellResult result = await Shell.RunAsync(line, _folder.Path);

            Assert.Equal((command.Line, 0, ""), (command.Line, result.ExitCode, result.Error));
            Assert.Contains(command.Output, result.Output);
        }
    }

    [GeneratedRegex(@"dotnet run --project src/UserService\.Client( --(?= |$))?")]
    private static partial Regex RunProject();

    [GeneratedRegex(@"http://(localhost|127\.0\.0\.1):\d+")]
    private static partial Regex Address();
}
