using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Users.V1;

namespace Users.Client.Tests.Support;

/// <summary>A real HTTP/2 server on a free port that answers each call as the test says, byte by byte where it must.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly bool _readsWhole;
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();

    private ScriptedServer(WebApplication application, bool readsWhole) => (_application, _readsWhole) = (application, readsWhole);

    public Uri Address { get; private set; } = null!;

    public IReadOnlyList<ReceivedCall> Calls => [.. _calls];

    /// <param name="script">What to answer; a call's number says which attempt at its method it is, from 1.</param>
    /// <param name="protocols">The versions of HTTP that it speaks.</param>
    /// <param name="streamsPerConnection">How many calls it takes at a time on one connection.</param>
    /// <param name="readsWhole">Reads a call to its end before the script is asked, rather than its first message.</param>
    /// <param name="certificate">Speaks TLS, with this certificate.</param>
    /// <param name="host">Where it listens, if not at 127.0.0.1.</param>
    public static async Task<ScriptedServer> StartAsync(
        Func<ReceivedCall, Answer> script, HttpProtocols protocols = HttpProtocols.Http2, int streamsPerConnection = 100,
        bool readsWhole = false, X509Certificate2? certificate = null, IPAddress? host = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = streamsPerConnection;
            kestrel.Listen(host ?? IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        WebApplication application = builder.Build();
        var server = new ScriptedServer(application, readsWhole);
        application.Run(http => server.AnswerAsync(http, script));
        await application.StartAsync();
        server.Address = new Uri(application.Urls.Single());
        return server;
    }

    public int AttemptsAt(string method) => Calls.Count(call => call.Method == method);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        // At once: a call that the script never answers must not hold the test.
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http, Func<ReceivedCall, Answer> script)
    {
        string method = http.Request.Path.Value!.Split('/')[^1];
        List<byte[]> messages = [await GrpcFrame.ReadAsync(http.Request.Body, http.RequestAborted)];
        while (_readsWhole && messages[^1].Length > 0)
        {
            messages.Add(await GrpcFrame.ReadAsync(http.Request.Body, http.RequestAborted));
        }

        ReceivedCall call;
        lock (_calls)
        {
            call = new ReceivedCall(method, AttemptsAt(method) + 1, new Dictionary<string, string>(
                http.Request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())), StringComparer.OrdinalIgnoreCase), messages[0])
            {
                Stream = messages,
            };
            _calls.Enqueue(call);
        }

        await script(call).WriteAsync(http);
    }
}

/// <summary>What reached the server: one attempt at one call.</summary>
internal sealed record ReceivedCall(string Method, int Number, IReadOnlyDictionary<string, string> Headers, byte[] Message)
{
    /// <summary>All messages, up to the first empty one, of a server that reads a call whole.</summary>
    public IReadOnlyList<byte[]> Stream { get; init; } = [];

    public IReadOnlyList<CreateUserRequest> Users =>
        [.. Stream.TakeWhile(message => message.Length > 0).Select(CreateUserRequest.Parser.ParseFrom)];
}
