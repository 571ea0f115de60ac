using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Users.Server.Tests.Support;

/// <summary>A call whose bytes and headers a test chooses: gRPC's HTTP/2 by hand.</summary>
internal static class RawCall
{
    /// <summary>A message of at most 255 bytes, not compressed.</summary>
    public static byte[] Frame(byte[] message) => [0, 0, 0, 0, checked((byte)message.Length), .. message];

    /// <summary>Posts a body to a path such as <c>users.v1.UserService/GetUser</c> and answers how the call ended.</summary>
    public static async Task<(StatusCode Code, Status? Details)> PostAsync(
        HttpClient http, RunningServer server, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        return await PostAsync(http, server, path, content, headers);
    }

    /// <summary>As above, with whatever body.</summary>
    public static async Task<(StatusCode Code, Status? Details)> PostAsync(
        HttpClient http, RunningServer server, string path, HttpContent body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Address}/{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        request.Headers.TE.ParseAdd("trailers");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Leaks.AssertNone(await Leaks.ReadAsync(response));
        string? details = Read(response, "grpc-status-details-bin");
        return (
            (StatusCode)int.Parse(Read(response, "grpc-status") ?? "no status", CultureInfo.InvariantCulture),
            details is null ? null : Status.Parser.ParseFrom(Leaks.Decode(details)));
    }

    /// <summary>The library logs by itself what it could not decode; that line is not ours to move.</summary>
    public static bool IsLibrarys(LogLine line) => line.Category.StartsWith("Grpc.AspNetCore.Server", StringComparison.Ordinal);

    // An answer without messages carries its trailers as headers.
    private static string? Read(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values) || response.Headers.TryGetValues(name, out values)
            ? Assert.Single(values)
            : null;
}
