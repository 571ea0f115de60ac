using System.Text.Json;
using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>What the documents publish is what these tests start.</summary>
public sealed partial class PublishTests
{
    private static readonly string[] Lines =
        [.. Document.Read("docs/deployment.md").Code.Where(line => line.StartsWith("dotnet publish ", StringComparison.Ordinal))];

    [Fact]
    public void Deployment_md_first_publishes_the_server_as_ReadyToRun_targets_does()
    {
        string line = Lines[0];
        string targets = File.ReadAllText(Repository.File("tests", "UserService.EndToEnd.Tests", "ReadyToRun.targets"));
        string[] tested = Properties().Match(targets).Groups[1].Value.Split(';');

        string[] shown = [.. Options().Matches(line).Select(Property)];

        Assert.Equal(["Configuration=Release", "RuntimeIdentifier=linux-x64", "SelfContained=false", "PublishReadyToRun=true"], shown);
        // The tests take the runtime of their machine.
        Assert.Empty(shown.Except(tested).Except(["RuntimeIdentifier=linux-x64"]));
    }

    [Fact]
    public async Task The_second_line_compiles_the_runtime_with_it_and_the_third_makes_a_container()
    {
        string whole = await EvaluateAsync(Lines[1], "SelfContained,PublishReadyToRun,PublishReadyToRunComposite,ArtifactsPivots");
        string container = await EvaluateAsync(Lines[2], "SelfContained,PublishReadyToRun,ContainerRepository,ContainerBaseImage", "-t:ComputeContainerConfig");

        Assert.Equal("true true true composite", whole);
        Assert.Matches("^false true [a-z-]+ mcr.microsoft.com/dotnet/aspnet:", container);
        Assert.EndsWith($" -t:PublishContainer -p:ContainerRepository={container.Split(' ')[2]}", Lines[2], StringComparison.Ordinal);
    }

    /// <summary>What the project's properties become by the options of the line. Nothing is published: that takes a minute, or a registry.</summary>
    private static async Task<string> EvaluateAsync(string line, string properties, string target = "")
    {
        string options = string.Join(' ', Options().Matches(line).Select(option => $"-p:{Property(option)}"));

        ShellResult result = await Shell.RunAsync(
            $"'{ChildProcess.DotnetHost}' msbuild {line.Split(' ')[2]} {options} {target} -getProperty:{properties}", Repository.Root);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using JsonDocument evaluated = JsonDocument.Parse(result.Output);
        return string.Join(' ', evaluated.RootElement.GetProperty("Properties").EnumerateObject().Select(property => property.Value.GetString()));
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
