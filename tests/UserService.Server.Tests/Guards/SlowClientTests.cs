using System.Net;
using System.Text;
using Grpc.Core;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>Clients that begin and do not go on: each would hold a connection, or a call, for ever.</summary>
public sealed class SlowClientTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    // A frame HEADERS of stream 1 without END_HEADERS: more of them are to come.
    private static readonly byte[] PartOfHeaders = [0, 0, 1, 1, 0, 0, 0, 0, 1, 0x83];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // All at once, as Kestrel looks for them once in a second.
    [Fact]
    public async Task A_connection_that_does_not_finish_its_first_words_is_closed()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:HeaderTimeout=00:00:01", "--Limits:ConnectionIdle=00:00:01");
        (string What, string Address, byte[] Bytes)[] all =
        [
            ("nothing, HTTP/2", server.Address, []),
            ("half a preface", server.Address, Preface[..10]),
            ("a preface alone", server.Address, Preface),
            ("half a frame", server.Address, [.. Preface, 0, 0]),
            ("half the headers", server.Address, [.. Preface, .. PartOfHeaders]),
            ("nothing, HTTP/1.1", server.HttpAddress, []),
            ("half a line", server.HttpAddress, Encoding.ASCII.GetBytes("GET /health/li")),
            ("half the headers, HTTP/1.1", server.HttpAddress, Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: x\r\n")),
        ];

        await Task.WhenAll(all.Select(async slow =>
        {
            try
            {
                Leaks.AssertNone(await RawConnection.SendAsync(slow.Address, slow.Bytes));
            }
            catch (TimeoutException)
            {
                Assert.Fail($"It was left open: {slow.What}.");
            }
        }));
        await server.Counts.WaitForConnectionsAsync(0);
    }

    // One byte of a message now and then: what counts is the time to a whole one.
    [Fact]
    public async Task An_upload_that_trickles_is_ended()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time);
        using var http = new HttpClient();
        using var body = new TrickledContent();
        Task<(StatusCode Code, Google.Rpc.Status? Details)> upload = RawCall.PostAsync(http, server, "users.v1.UserService/CreateUsers", body);
        await body.TrickleAsync(0);
        await time.WaitForTimerAsync(Idle);

        for (int i = 0; i < 2; i++)
        {
            time.Advance(Idle / 2 - TimeSpan.FromSeconds(1));
            await body.TrickleAsync(0);
            // Another call on the same connection: the byte has arrived before it.
            await RawCall.PostAsync(http, server, "users.v1.UserService/GetUser", [0, 0, 0, 0, 0]);
        }

        Assert.False(upload.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        (StatusCode code, Google.Rpc.Status? details) = await upload;
        Assert.Equal((StatusCode.DeadlineExceeded, "STREAM_IDLE"), (code, ErrorReason.Of(details!)));
    }

    // A call of one message is under Kestrel's own minimum rate: 240 bytes per second, after 5 s.
    [Fact]
    public Task A_call_whose_only_message_does_not_come_is_ended() =>
        Task.WhenAll(((string[])["GetUser", "ListUsers"]).Select(AssertEndsAsync));

    private static async Task AssertEndsAsync(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        // Kestrel may fail the read of the message before it raises the call's token: then the library calls it an error.
        server.Log.Expected = line => RawCall.IsLibrarys(line) && line.Exception is IOException;
        using var http = new HttpClient();
        using var body = new TrickledContent();
        Task<(StatusCode Code, Google.Rpc.Status? Details)> call = RawCall.PostAsync(http, server, $"users.v1.UserService/{method}", body);
        await body.TrickleAsync(0);

        await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(TimeSpan.FromSeconds(25), Token));

        await server.Counts.WaitForAsync(calls: 0);
        await server.Counts.WaitForConnectionsAsync(0);
    }

    /// <summary>The body of a request that a test sends byte by byte.</summary>
    private sealed class TrickledContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TrickledContent() => Headers.ContentType = new("application/grpc");

        public async Task TrickleAsync(byte part)
        {
            Stream stream = await _opened.Task.WaitAsync(Token);
            await stream.WriteAsync(new[] { part }, Token);
            await stream.FlushAsync(Token);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // The headers go now, with no part of the body.
            await stream.FlushAsync(Token);
            _opened.SetResult(stream);
            await _never.Task.WaitAsync(Token);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _never.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
