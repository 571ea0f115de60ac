using Users.Client.Server;

namespace Users.Client.Tests;

/// <summary>Runs alone, because it moves the temporary directory of the process.</summary>
[CollectionDefinition(nameof(OwnServerTests), DisableParallelization = true)]
[Collection(nameof(OwnServerTests))]
public sealed class OwnServerTests : IDisposable
{
    private readonly DirectoryInfo _bin = Directory.CreateTempSubdirectory("users-client-tests-");

    public void Dispose() => _bin.Delete(recursive: true);

    [Theory]
    [InlineData("debug", "")]
    [InlineData("release", "/")]
    [InlineData("debug_linux-x64", "/")]
    public void The_server_is_the_client_s_neighbour_of_the_same_configuration(string configuration, string end)
    {
        string client = _bin.CreateSubdirectory($"UserService.Client/{configuration}").FullName;
        string server = Path.Combine(_bin.CreateSubdirectory($"UserService.Server/{configuration}").FullName, "UserService.Server.dll");
        File.WriteAllText(server, string.Empty);

        Assert.Equal(server, OwnServer.Find(client + end));
    }

    [Fact]
    public async Task A_server_that_was_not_built_is_a_sentence_that_says_what_to_do()
    {
        string client = _bin.CreateSubdirectory("UserService.Client/debug").FullName;

        var failure = await Assert.ThrowsAsync<CommandException>(() => OwnServer.StartAsync(client, TestContext.Current.CancellationToken));

        Assert.StartsWith("There is no built server at ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("build src/UserService.Server, or name a running one with --address.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NoServer, failure.ExitCode);
    }

    [Fact]
    public async Task A_server_that_does_not_start_leaves_no_database_behind()
    {
        string client = _bin.CreateSubdirectory("UserService.Client/debug").FullName;
        string server = _bin.CreateSubdirectory("UserService.Server/debug").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(server, "UserService.Server.dll"), "no program", TestContext.Current.CancellationToken);
        string temporary = _bin.CreateSubdirectory("tmp").FullName;
        string? before = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", temporary);
        try
        {
            await Assert.ThrowsAsync<CommandException>(() => OwnServer.StartAsync(client, TestContext.Current.CancellationToken));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }

        Assert.DoesNotContain(Directory.GetDirectories(temporary), directory => Path.GetFileName(directory).StartsWith("users-tour-", StringComparison.Ordinal));
    }
}
