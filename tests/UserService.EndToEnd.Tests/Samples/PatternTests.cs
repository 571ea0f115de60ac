using Users.EndToEnd.Tests.Secure;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Samples;

/// <summary>Every pattern, deadlines, and the details of errors, from each language, with code of other people's gRPC.</summary>
[Collection("A server in Production")]
public sealed class PatternTests(SampleFolder samples, SecureServer secure) : IDisposable
{
    private const string Seen = """
        CreateUser: Ada Lovelace
        GetUser: Ada Lovelace
        CreateUsers: 2 created, 1 failed (message 1: INVALID_FIELDS)
        ListUsers: Radia Perlman, Tim Berners-Lee
        ChatUsers: #1 Hello, #2 Bye and 0 more
        CreateUser without a name: INVALID_ARGUMENT INVALID_FIELDS name, email
        GetUser of nobody: NOT_FOUND USER_NOT_FOUND
        WatchRoom for a moment: DEADLINE_EXCEEDED

        """;

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Languages => SampleFolder.Languages;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Over_TCP_and_over_a_Unix_domain_socket(string language)
    {
        Sample sample = await samples.MakeAsync(language);
        string socket = _folder.File("users.sock");
        foreach (string[] setting in (string[][])[[], [$"Kestrel__Endpoints__Grpc__Url=http://unix:{socket}"]])
        {
            await using ServerProcess server = await ServerProcess.StartAsync(_folder.File($"{setting.Length}.db"), setting);
            string address = setting.Length == 0 ? new Uri(server.Address).Authority : $"unix:{socket}";

            Assert.Equal(new ShellResult(0, Seen, ""), await Shell.RunAsync(sample.Line("patterns", "--address", address), "/"));
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Over_TLS_with_a_token(string language)
    {
        Sample sample = await samples.MakeAsync(language);
        string line = sample.Line("patterns", "--address", new Uri(secure.Address).Authority, "--ca", secure.CaFile, "--as", secure.User);

        Assert.Equal(new ShellResult(0, Seen, ""), await Shell.RunAsync(line, "/", $"USERS_TOKEN={secure.Token()}"));
        ShellResult refused = await Shell.RunAsync(line, "/");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("UNAUTHENTICATED", refused.Error);
    }
}
