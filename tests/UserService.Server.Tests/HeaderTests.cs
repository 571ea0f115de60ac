using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>Headers that no generated client sends: each call is answered, and none is taken for a bug.</summary>
public sealed class HeaderTests
{
    private static readonly Dictionary<string, (string Name, string Value, StatusCode Status)> Cases = new()
    {
        ["a deadline of nothing, which the protocol does not know, is none"] = ("grpc-timeout", "0n", StatusCode.OK),
        ["the longest deadline that the protocol knows"] = ("grpc-timeout", "99999999H", StatusCode.OK),
        ["a deadline of too many digits is none"] = ("grpc-timeout", "100000000S", StatusCode.OK),
        ["a negative deadline is none"] = ("grpc-timeout", "-1S", StatusCode.OK),
        ["a deadline in no unit is none"] = ("grpc-timeout", "5x", StatusCode.OK),
        ["a very long agent"] = ("user-agent", new string('x', 16_000), StatusCode.OK),
        ["a binary header that is not base64"] = ("trace-bin", "!!!", StatusCode.OK),
        ["a trace that is none"] = ("traceparent", "00-zz-zz-zz", StatusCode.OK),
        ["a status in a request"] = ("grpc-status", "13", StatusCode.OK),
        ["compressions that nobody knows"] = ("grpc-accept-encoding", ",,zip,;", StatusCode.OK),
        ["a method override"] = ("x-http-method-override", "DELETE", StatusCode.OK),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_strange_header_does_no_harm(string name)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var http = new HttpClient();
        (string header, string value, StatusCode expected) = Cases[name];
        User user = await server.AddUserAsync();
        byte[] request = [0, 0, 0, 0, 38, 10, 36, .. user.Id.Select(c => (byte)c)];

        (StatusCode status, _) = await RawCall.PostAsync(http, server, "users.v1.UserService/GetUser", request, (header, value));

        Assert.Equal(expected, status);
    }
}
