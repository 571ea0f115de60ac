namespace Users.Server.Tests.Hosting;

/// <summary>Settings that the server refuses to start with, each in a sentence that names it. UserService.EndToEnd.Tests has the process.</summary>
public sealed class BadSettingsTests
{
    [Theory]
    [InlineData("MaxMessageBytes=1023", "Limits:MaxMessageBytes must be 1024 to 4194304.")]
    [InlineData("MaxMessageBytes=4194305", "Limits:MaxMessageBytes must be 1024 to 4194304.")]
    [InlineData("MaxStreamsPerConnection=0", "Limits:MaxStreamsPerConnection must be 1 to 100000.")]
    [InlineData("StreamIdle=00:00:00.999", "Limits:StreamIdle must be 00:00:01 to 01:00:00.")]
    [InlineData("StreamIdle=30", "Limits:StreamIdle must be 00:00:01 to 01:00:00.")]
    [InlineData("WriteQueueLength=-1", "Limits:WriteQueueLength must be 1 to 1000000.")]
    [InlineData("MaxCommit=0", "Limits:MaxCommit must be 1 to 100000.")]
    [InlineData("StoreBusy=01:00:01", "Limits:StoreBusy must be 00:00:01 to 01:00:00.")]
    [InlineData("MaxStoreMegabytes=-1", "Limits:MaxStoreMegabytes must be 0 to 1000000.")]
    [InlineData("MaxStoreMegabytes=1000001", "Limits:MaxStoreMegabytes must be 0 to 1000000.")]
    [InlineData("MaxConnections=0", "Limits:MaxConnections must be 1 to 1000000.")]
    [InlineData("KeepAliveDelay=00:00:00", "Limits:KeepAliveDelay must be 00:00:01 to 01:00:00.")]
    [InlineData("MaxRoomLength=201", "Limits:MaxRoomLength must be 1 to 200.")]
    [InlineData("MaxListedFailures=-1", "Limits:MaxListedFailures must be 0 to 100.")]
    [InlineData("DrainWindow=-00:00:01", "Limits:DrainWindow must be 00:00:00 to 01:00:00.")]
    [InlineData("MaxMessageBytes=many", "Limits:MaxMessageBytes cannot be 'many'")]
    [InlineData("MaxMessageBytes=99999999999", "Limits:MaxMessageBytes cannot be '99999999999'")]
    [InlineData("StreamIdle=soon", "Limits:StreamIdle cannot be 'soon'")]
    [InlineData("MaxMesageBytes=2048", "Limits:MaxMesageBytes is not a setting")]
    public async Task A_wrong_limit_ends_the_start(string limit, string expected) =>
        Assert.StartsWith(expected, await RefusedStart.SentenceAsync($"--Limits:{limit}"), StringComparison.Ordinal);

    [Fact]
    public async Task Several_wrong_limits_are_told_at_once()
    {
        string sentence = await RefusedStart.SentenceAsync("--Limits:MaxMessageBytes=1", "--Limits:WriteQueueLength=0");

        Assert.Contains("Limits:MaxMessageBytes must be", sentence, StringComparison.Ordinal);
        Assert.Contains("Limits:WriteQueueLength must be", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Grpc", "nonsense")]
    [InlineData("Http", "nonsense")]
    [InlineData("Grpc", "http://127.0.0.1:99999")]
    [InlineData("Grpc", "ftp://127.0.0.1:0")]
    [InlineData("Grpc", "")]
    public async Task A_malformed_address_ends_the_start(string endpoint, string url) => Assert.StartsWith(
        $"Kestrel:Endpoints:{endpoint}:Url cannot be '{url}'",
        await RefusedStart.SentenceAsync($"--Kestrel:Endpoints:{endpoint}:Url={url}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Grpc", "Nonsense")]
    [InlineData("Http", "Http7")]
    [InlineData("Grpc", "None")]
    [InlineData("Grpc", "2")]
    public async Task A_protocol_that_is_none_ends_the_start(string endpoint, string protocols) => Assert.StartsWith(
        $"Kestrel:Endpoints:{endpoint}:Protocols cannot be '{protocols}': use one of Http1, Http2,",
        await RefusedStart.SentenceAsync($"--Kestrel:Endpoints:{endpoint}:Protocols={protocols}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("RequireTLS_=true", "Security:RequireTLS_ is not a setting: take it out, or correct its name.")]
    [InlineData("RequireTls=perhaps", "Security:RequireTls cannot be 'perhaps': write it like True.")]
    [InlineData("ClientCaFile=/missing.pem", "Security:ClientCaFile cannot be read: '/missing.pem'.")]
    public async Task A_wrong_setting_of_the_security_ends_the_start(string setting, string sentence) =>
        Assert.Equal(sentence, await RefusedStart.SentenceAsync($"--Security:{setting}"));
}
