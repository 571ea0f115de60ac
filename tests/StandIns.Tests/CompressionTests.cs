using System.IO.Compression;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class CompressionTests
{
    private static readonly string Long = new('a', 10_000);

    public static TheoryData<ICompressionProvider, string, byte> Providers => new()
    {
        { new GzipCompressionProvider(CompressionLevel.Fastest), "gzip", 0x1F },
        // zlib's header, which HTTP's "deflate" means (RFC 9110, 8.4.1.2).
        { new DeflateCompressionProvider(CompressionLevel.Fastest), "deflate", 0x78 },
    };

    [Theory]
    [MemberData(nameof(Providers), DisableDiscoveryEnumeration = true)]
    public void What_was_compressed_comes_back(ICompressionProvider provider, string name, byte firstByte)
    {
        foreach (CompressionLevel? level in new CompressionLevel?[] { null, CompressionLevel.Optimal, CompressionLevel.NoCompression })
        {
            using MemoryStream compressed = new();
            using (Stream stream = provider.CreateCompressionStream(compressed, level))
            {
                stream.Write(Encoding.UTF8.GetBytes(Long));
            }

            // Still open: the engine goes on writing its own stream.
            Assert.True(compressed.CanRead);
            Assert.Equal(firstByte, compressed.GetBuffer()[0]);
            Assert.Equal(level == CompressionLevel.NoCompression, compressed.Length > Long.Length);
            compressed.Position = 0;
            using StreamReader reader = new(provider.CreateDecompressionStream(compressed));
            Assert.Equal(Long, reader.ReadToEnd());
        }

        Assert.Equal(name, provider.EncodingName);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_request_is_read(string encoding)
    {
        string? sent = null;
        await using EchoTest echo = await EchoTest.StartAsync((note, context) =>
        {
            sent = context.GetHttpContext().Request.Headers["grpc-encoding"];
            return Task.FromResult(note);
        });

        Metadata headers = new() { { "grpc-internal-encoding-request", encoding } };
        Note answer = await echo.Client.UnaryAsync(new Note { Text = Long }, headers, cancellationToken: EchoTest.Cancel);

        Assert.Equal(encoding, sent);
        Assert.Equal(Long, answer.Text);
    }

    [Theory]
    [InlineData("gzip", default(WriteFlags), true)]
    [InlineData("deflate", default(WriteFlags), true)]
    [InlineData("gzip", WriteFlags.NoCompress, false)]
    public async Task A_compressed_response_is_read(string encoding, WriteFlags flags, bool isCompressed)
    {
        WireTap tap = new();
        EchoServer server = new()
        {
            Options = options => options.ResponseCompressionAlgorithm = encoding,
            Unary = (note, context) =>
            {
                context.WriteOptions = new WriteOptions(flags);
                return Task.FromResult(note);
            },
        };
        await using EchoTest echo = await EchoTest.StartAsync(server, new GrpcChannelOptions { HttpHandler = tap });

        Note answer = await echo.Client.UnaryAsync(new Note { Text = Long }, cancellationToken: EchoTest.Cancel);

        Assert.Equal(Long, answer.Text);
        Assert.Equal(isCompressed, tap.Body[0] == 1);
        Assert.Equal(isCompressed, tap.Body.Length < Long.Length);
    }

    /// <summary>Keeps the response's bytes; the first of each message says whether it is compressed.</summary>
    private sealed class WireTap() : DelegatingHandler(new SocketsHttpHandler())
    {
        public byte[] Body { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            Body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            response.Content = new ByteArrayContent(Body) { Headers = { ContentType = response.Content.Headers.ContentType } };
            return response;
        }
    }
}
