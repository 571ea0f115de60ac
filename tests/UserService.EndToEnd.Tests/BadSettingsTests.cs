using System.Net.Sockets;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>
/// Settings that the server refuses to start with: one sentence on standard error that names the setting, and an exit code. The whole
/// range of values is tried in the server's own tests, which need no process.
/// </summary>
public sealed class BadSettingsTests
{
    [Fact]
    public async Task A_wrong_limit_in_the_environment_ends_the_start() => Assert.Equal(
        "Limits:MaxMessageBytes must be 1024 to 4194304.", await FailAsync("Limits__MaxMessageBytes=1023"));

    [Fact]
    public async Task A_wrong_limit_on_the_command_line_ends_the_start() => Assert.StartsWith(
        "Limits:MaxMessageBytes must be", await Failure.OfStartAsync([], ["--Limits:MaxMessageBytes=1"]));

    [Theory]
    [InlineData("Grpc")]
    [LongFormData("Http")]
    public async Task A_port_in_use_ends_the_start(string endpoint)
    {
        using TcpListener other = Ports.Listen();
        string url = $"http://127.0.0.1:{Ports.Number(other)}";

        string sentence = await FailAsync($"Kestrel__Endpoints__{endpoint}__Url={url}");

        Assert.Contains(url, sentence);
        Assert.Contains("in use", sentence);
    }

    // 192.0.2.0/24 is TEST-NET-1 (RFC 5737): no machine has it.
    [Fact]
    public async Task An_address_of_another_machine_ends_the_start() => Assert.StartsWith(
        "Kestrel:Endpoints cannot be listened on", await FailAsync("Kestrel__Endpoints__Grpc__Url=http://192.0.2.1:50051"));

    [Fact]
    public async Task An_encrypted_endpoint_without_a_certificate_ends_the_start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Kestrel may find the development certificate of this machine's user.");
        using var home = new TestFolder();

        // Where dotnet dev-certs puts it.
        Assert.Contains("certificate", await FailAsync($"HOME={home.Path}", "Kestrel__Endpoints__Grpc__Url=https://127.0.0.1:0"));
    }

    [Theory]
    [LongFormData("/nowhere/server.pfx")]
    [InlineData("/nowhere/server.pem")]
    public async Task A_certificate_that_is_not_there_ends_the_start(string file) => Assert.Contains(file, await FailAsync(
        "Kestrel__Endpoints__Grpc__Url=https://127.0.0.1:0", $"Kestrel__Endpoints__Grpc__Certificate__Path={file}"));

    [Fact]
    public async Task A_certificate_that_cannot_be_read_ends_the_start()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("server.pfx"), "no certificate", TestContext.Current.CancellationToken);

        Assert.StartsWith("The certificate of Kestrel:Endpoints cannot be read", await FailAsync(
            "Kestrel__Endpoints__Grpc__Url=https://127.0.0.1:0",
            $"Kestrel__Endpoints__Grpc__Certificate__Path={folder.File("server.pfx")}"));
    }

    [Theory]
    [InlineData("appsettings.json", "{ \"Limits\": ")]
    [LongFormData("appsettings.json", "")]
    [LongFormData("appsettings.Production.json", "Limits=1")]
    public async Task A_settings_file_that_is_no_JSON_ends_the_start(string file, string content)
    {
        using var folder = new TestFolder();
        string dll = ServerProcess.CopyTo(folder);
        await File.WriteAllTextAsync(folder.File(file), content, TestContext.Current.CancellationToken);

        Assert.Contains(folder.File(file), await Failure.OfStartAsync([Database(folder)], dll: dll));
    }

    [Fact]
    public async Task A_database_that_is_not_set_ends_the_start()
    {
        using var folder = new TestFolder();
        string dll = ServerProcess.CopyTo(folder);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), "{}", TestContext.Current.CancellationToken);

        Assert.StartsWith("ConnectionStrings:Users is not set", await Failure.OfStartAsync([], dll: dll));
    }

    private static async Task<string> FailAsync(params string[] environment)
    {
        using var folder = new TestFolder();
        return await Failure.OfStartAsync([Database(folder), .. environment]);
    }

    private static string Database(TestFolder folder) => $"ConnectionStrings__Users=Data Source={folder.Database}";
}
