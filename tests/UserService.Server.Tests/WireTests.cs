using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>What no generated client would send.</summary>
public sealed class WireTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_method_is_UNIMPLEMENTED()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Equal(StatusCode.Unimplemented, await PostAsync(server, "users.v1.UserService/Nope", RawCall.Frame([])));
        Assert.Equal(StatusCode.Unimplemented, await PostAsync(server, "users.v1.Nope/GetUser", RawCall.Frame([])));
        Assert.Equal(LogLevel.Information, (await server.Log.WaitForCallAsync("Nope", "Unimplemented")).Level);
    }

    // A field of type string whose length lies beyond the message, in a unary and in a streamed message.
    [Theory]
    [InlineData("GetUser")]
    [InlineData("CreateUser")]
    [InlineData("UpdateUser")]
    [InlineData("DeleteUser")]
    [InlineData("ListUsers")]
    [InlineData("CreateUsers")]
    [InlineData("ChatUsers")]
    public async Task Bytes_that_are_no_message_are_UNKNOWN_or_INTERNAL(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Log.Expected = RawCall.IsLibrarys;

        StatusCode status = await PostAsync(server, $"users.v1.UserService/{method}", RawCall.Frame([0x0A, 0x7F, 0x41]));

        Assert.Contains(status, new[] { StatusCode.Unknown, StatusCode.Internal });
        Assert.Equal(LogLevel.Information, (await server.Log.WaitForCallAsync(method, status.ToString())).Level);
        await server.AddUserAsync();
    }

    [Theory]
    [InlineData("a frame cut short", new byte[] { 0, 0, 0, 0, 9, 10 })]
    [InlineData("a header cut short", new byte[] { 0, 0 })]
    [InlineData("an unknown compression flag", new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData("two messages in a unary call", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("no message in a unary call", new byte[] { })]
    public async Task Broken_framing_is_UNKNOWN_or_INTERNAL_and_leaves_the_server_well(string what, byte[] body)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Log.Expected = RawCall.IsLibrarys;

        StatusCode status = await PostAsync(server, "users.v1.UserService/GetUser", body);

        Assert.True(status is StatusCode.Unknown or StatusCode.Internal, $"{what} was answered {status}.");
        await server.AddUserAsync();
    }

    [Theory]
    [InlineData("CreateUsers", new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData("ChatUsers", new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData("CreateUsers", new byte[] { 1, 0, 0, 0, 2, 1, 2 })]
    [InlineData("ChatUsers", new byte[] { 1, 0, 0, 0, 2, 1, 2 })]
    [InlineData("CreateUsers", new byte[] { 0, 255, 255, 255, 255 })]
    [InlineData("ChatUsers", new byte[] { 0, 255, 255, 255, 255 })]
    public async Task Broken_framing_in_a_stream_is_UNKNOWN_or_INTERNAL_and_not_our_fault(string method, byte[] body)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Log.Expected = RawCall.IsLibrarys;
        using var http = new HttpClient();

        (StatusCode code, Google.Rpc.Status? details) = await RawCall.PostAsync(
            http, server, $"users.v1.UserService/{method}", body, ("grpc-encoding", "gzip"));

        Assert.Contains(code, new[] { StatusCode.Unknown, StatusCode.Internal });
        Assert.Null(details);
        Assert.Equal(LogLevel.Information, (await server.Log.WaitForCallAsync(method, code.ToString())).Level);
    }

    [Theory]
    [InlineData(1024, StatusCode.InvalidArgument)]
    [InlineData(1025, StatusCode.ResourceExhausted)]
    public async Task A_message_over_the_size_limit_is_RESOURCE_EXHAUSTED(int bytes, StatusCode expected)
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:MaxMessageBytes=1024");
        var request = new GetUserRequest();
        request.Id = new string('x', bytes - 3);
        Assert.Equal(bytes, request.CalculateSize());

        Failure failure = await Failure.OfAsync(server.Client.GetUserAsync(request, cancellationToken: Token));

        Assert.Equal(expected, failure.Code);
    }

    [Fact]
    public async Task A_streamed_message_over_the_size_limit_is_RESOURCE_EXHAUSTED_and_not_our_fault()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:MaxMessageBytes=1024");
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(cancellationToken: Token);
        await import.RequestStream.WriteAsync(new() { Name = new string('x', 2_000) }, Token);

        Assert.Equal(StatusCode.ResourceExhausted, (await Failure.OfAsync(() => import.ResponseAsync)).Code);
        Assert.Equal(LogLevel.Information, (await server.Log.WaitForCallAsync("CreateUsers", "ResourceExhausted")).Level);
    }

    // A few kilobytes that become megabytes, in a unary and in a streamed message.
    [Theory]
    [InlineData("GetUser")]
    [InlineData("CreateUsers")]
    public async Task The_size_limit_counts_what_a_compressed_message_becomes(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:MaxMessageBytes=1000000");
        server.Log.Expected = RawCall.IsLibrarys;
        using var http = new HttpClient();
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[20_000_000]);
        }

        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, (int)compressed.Length);
        (StatusCode code, _) = await RawCall.PostAsync(
            http, server, $"users.v1.UserService/{method}", [1, .. length, .. compressed.ToArray()], ("grpc-encoding", "gzip"));

        Assert.Equal(StatusCode.ResourceExhausted, code);
    }

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();
        byte[] id = [0x0A, 36, .. user.Id.Select(c => (byte)c)];

        Assert.Equal(StatusCode.OK, await PostAsync(server, "users.v1.UserService/GetUser", RawCall.Frame([.. id, 0xF8, 0x07, 0x01])));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Probes_answer_over_HTTP_1_1(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var http = new HttpClient();

        using HttpResponseMessage response = await http.GetAsync(new Uri(server.HttpAddress + path), Token);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (response.StatusCode, response.Version));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_makes_the_server_unready_but_alive()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var http = new HttpClient();
        server.Log.Expected = HealthTests.IsUnhealthy;
        await server.Store.DisposeAsync();

        using HttpResponseMessage ready = await http.GetAsync(new Uri(server.HttpAddress + "/health/ready"), Token);
        using HttpResponseMessage live = await http.GetAsync(new Uri(server.HttpAddress + "/health/live"), Token);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
        Assert.Equal("Unhealthy", await ready.Content.ReadAsStringAsync(Token));
    }


    private static async Task<StatusCode> PostAsync(RunningServer server, string path, byte[] body)
    {
        using var http = new HttpClient();
        return (await RawCall.PostAsync(http, server, path, body)).Code;
    }
}
