using System.Net.Sockets;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>Settings that the server refuses to start with: one sentence that names the setting.</summary>
public sealed class BadSettingsTests
{
    [Theory]
    [InlineData("Limits__MaxMessageBytes=1023", "Limits:MaxMessageBytes must be 1024 to 4194304.")]
    [InlineData("Limits__MaxMessageBytes=4194305", "Limits:MaxMessageBytes must be 1024 to 4194304.")]
    [InlineData("Limits__MaxStreamsPerConnection=0", "Limits:MaxStreamsPerConnection must be 1 to 100000.")]
    [InlineData("Limits__StreamIdle=00:00:00.999", "Limits:StreamIdle must be 00:00:01 to 01:00:00.")]
    [InlineData("Limits__StreamIdle=30", "Limits:StreamIdle must be 00:00:01 to 01:00:00.")]
    [InlineData("Limits__WriteQueueLength=-1", "Limits:WriteQueueLength must be 1 to 1000000.")]
    [InlineData("Limits__MaxCommit=0", "Limits:MaxCommit must be 1 to 100000.")]
    [InlineData("Limits__StoreBusy=01:00:01", "Limits:StoreBusy must be 00:00:01 to 01:00:00.")]
    [InlineData("Limits__MaxStoreMegabytes=-1", "Limits:MaxStoreMegabytes must be 0 to 1000000.")]
    [InlineData("Limits__MaxStoreMegabytes=1000001", "Limits:MaxStoreMegabytes must be 0 to 1000000.")]
    [InlineData("Limits__MaxConnections=0", "Limits:MaxConnections must be 1 to 1000000.")]
    [InlineData("Limits__KeepAliveDelay=00:00:00", "Limits:KeepAliveDelay must be 00:00:01 to 01:00:00.")]
    [InlineData("Limits__MaxRoomLength=201", "Limits:MaxRoomLength must be 1 to 200.")]
    [InlineData("Limits__MaxListedFailures=-1", "Limits:MaxListedFailures must be 0 to 100.")]
    [InlineData("Limits__DrainWindow=-00:00:01", "Limits:DrainWindow must be 00:00:00 to 01:00:00.")]
    [InlineData("Limits__MaxMessageBytes=many", "Limits:MaxMessageBytes cannot be 'many'")]
    [InlineData("Limits__MaxMessageBytes=99999999999", "Limits:MaxMessageBytes cannot be '99999999999'")]
    [InlineData("Limits__StreamIdle=soon", "Limits:StreamIdle cannot be 'soon'")]
    [InlineData("Limits__MaxMesageBytes=2048", "Limits:MaxMesageBytes is not a setting")]
    public async Task A_wrong_limit_ends_the_start(string variable, string expected) =>
        Assert.StartsWith(expected, await FailAsync(variable));

    [Fact]
    public async Task Several_wrong_limits_are_told_at_once()
    {
        string sentence = await FailAsync("Limits__MaxMessageBytes=1", "Limits__WriteQueueLength=0");

        Assert.Contains("Limits:MaxMessageBytes must be", sentence);
        Assert.Contains("Limits:WriteQueueLength must be", sentence);
    }

    [Fact]
    public async Task A_wrong_limit_on_the_command_line_ends_the_start() => Assert.StartsWith(
        "Limits:MaxMessageBytes must be", await Failure.OfStartAsync([], ["--Limits:MaxMessageBytes=1"]));

    [Theory]
    [InlineData("Grpc", "nonsense")]
    [InlineData("Http", "nonsense")]
    [InlineData("Grpc", "http://127.0.0.1:99999")]
    [InlineData("Grpc", "ftp://127.0.0.1:0")]
    [InlineData("Grpc", "")]
    public async Task A_malformed_address_ends_the_start(string endpoint, string url)
    {
        string sentence = await FailAsync($"Kestrel__Endpoints__{endpoint}__Url={url}");

        Assert.StartsWith($"Kestrel:Endpoints:{endpoint}:Url cannot be '{url}'", sentence);
    }

    [Theory]
    [InlineData("Grpc", "Nonsense")]
    [InlineData("Http", "Http7")]
    [InlineData("Grpc", "None")]
    [InlineData("Grpc", "2")]
    public async Task A_protocol_that_is_none_ends_the_start(string endpoint, string protocols) => Assert.StartsWith(
        $"Kestrel:Endpoints:{endpoint}:Protocols cannot be '{protocols}': use one of Http1, Http2,",
        await FailAsync($"Kestrel__Endpoints__{endpoint}__Protocols={protocols}"));

    [Theory]
    [InlineData("Grpc")]
    [InlineData("Http")]
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
    public async Task A_certificate_that_is_not_there_ends_the_start() => Assert.Contains("/nowhere/server.pfx", await FailAsync(
        "Kestrel__Endpoints__Grpc__Url=https://127.0.0.1:0", "Kestrel__Endpoints__Grpc__Certificate__Path=/nowhere/server.pfx"));

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
    [InlineData("appsettings.json", "")]
    [InlineData("appsettings.Production.json", "Limits=1")]
    public async Task A_settings_file_that_is_no_JSON_ends_the_start(string file, string content)
    {
        using var folder = new TestFolder();
        string dll = CopyServer(folder);
        await File.WriteAllTextAsync(folder.File(file), content, TestContext.Current.CancellationToken);

        Assert.Contains(folder.File(file), await Failure.OfStartAsync([Database(folder)], dll: dll));
    }

    [Fact]
    public async Task A_database_that_is_not_set_ends_the_start()
    {
        using var folder = new TestFolder();
        string dll = CopyServer(folder);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), "{}", TestContext.Current.CancellationToken);

        Assert.StartsWith("ConnectionStrings:Users is not set", await Failure.OfStartAsync([], dll: dll));
    }

    private static async Task<string> FailAsync(params string[] environment)
    {
        using var folder = new TestFolder();
        return await Failure.OfStartAsync([Database(folder), .. environment]);
    }

    private static string Database(TestFolder folder) => $"ConnectionStrings__Users=Data Source={folder.Database}";

    /// <summary>A server whose settings file a test may break.</summary>
    private static string CopyServer(TestFolder folder)
    {
        string source = Path.GetDirectoryName(ServerProcess.Dll)!;
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = folder.File(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder.File(Path.GetFileName(ServerProcess.Dll));
    }
}
