using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>What the documents publish is what these tests start.</summary>
public sealed partial class PublishTests
{
    [Fact]
    public void Deployment_md_first_publishes_the_server_as_ReadyToRun_targets_does()
    {
        string line = Document.Read("docs/deployment.md").Code.First(code => code.StartsWith("dotnet publish ", StringComparison.Ordinal));
        string targets = File.ReadAllText(Repository.File("tests", "UserService.EndToEnd.Tests", "ReadyToRun.targets"));
        string[] tested = Properties().Match(targets).Groups[1].Value.Split(';');

        string[] shown = [.. Options().Matches(line).Select(Property)];

        Assert.Equal(["Configuration=Release", "RuntimeIdentifier=linux-x64", "SelfContained=false", "PublishReadyToRun=true"], shown);
        // The tests take the runtime of their machine.
        Assert.Empty(shown.Except(tested).Except(["RuntimeIdentifier=linux-x64"]));
    }

    private static string Property(Match option) => (option.Groups[1].Value, option.Groups[2].Value) switch
    {
        ("-c ", var value) => $"Configuration={value}",
        ("-r ", var value) => $"RuntimeIdentifier={value}",
        ("--self-contained ", var value) => $"SelfContained={value}",
        (_, var property) => property,
    };

    [GeneratedRegex("<ReadyProperties>([^<]+)</ReadyProperties>")]
    private static partial Regex Properties();

    [GeneratedRegex(@"(-c |-r |--self-contained |-p:)(\S+)")]
    private static partial Regex Options();
}
