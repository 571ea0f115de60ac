using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Rest;

/// <summary>A server that offers its calls in JSON, and one caller of it.</summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly HttpClient _http;

    private RestServer(RunningServer server) => (Server, _http) = (server, new HttpClient { BaseAddress = new Uri(server.HttpAddress) });

    public RunningServer Server { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RestServer> StartAsync(params string[] settings) =>
        new(await RunningServer.StartAsync(["--Rest:Enabled=true", .. settings]));

    /// <summary>Sends a request, with a token and a body where they are given, and reads the answer's head.</summary>
    public Task<HttpResponseMessage> SendAsync(string method, string path, string? json = null, string? token = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (token is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(token);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    /// <summary>Sends a request, and answers the status of HTTP and the body.</summary>
    public async Task<(int Status, JsonNode Body)> CallAsync(string method, string path, string? json = null, string? token = null)
    {
        using HttpResponseMessage response = await SendAsync(method, path, json, token);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!);
    }

    /// <summary>Opens a stream, whose answers are lines.</summary>
    public async Task<StreamReader> OpenAsync(string path, string? token = null)
    {
        HttpResponseMessage response = await SendAsync("GET", path, token: token);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        return new StreamReader(await response.Content.ReadAsStreamAsync(Token));
    }

    /// <summary>The reason of an error.</summary>
    public static string? ReasonOf(JsonNode status) => (string?)status["details"]?.AsArray()
        .FirstOrDefault(detail => (string?)detail!["@type"] == "type.googleapis.com/google.rpc.ErrorInfo")?["reason"];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
