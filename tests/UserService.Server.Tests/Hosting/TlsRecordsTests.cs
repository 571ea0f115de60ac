using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Users.Server.Hosting;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Hosting;

public sealed class TlsRecordsTests : IAsyncDisposable
{
    // A write waits until all that was written before has been read.
    private readonly Pipe _encrypted = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 0));
    private readonly DefaultConnectionContext _connection;

    public TlsRecordsTests() =>
        _connection = new("test", new Side(new Pipe().Reader, _encrypted.Writer), new Side(_encrypted.Reader, new Pipe().Writer));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Answers_that_are_flushed_while_one_is_written_are_written_together()
    {
        var isWritten = new TaskCompletionSource();
        var areFlushed = new TaskCompletionSource();
        Task running = TlsRecords.RunAsync(_connection, async connection =>
        {
            await FlushAsync(connection, "first");
            await isWritten.Task;
            await FlushAsync(connection, "second");
            await FlushAsync(connection, "third");
            areFlushed.SetResult();
        });
        // It is there, so its write waits until it is read.
        ReadResult first = await _encrypted.Reader.ReadAsync(Token);
        _encrypted.Reader.AdvanceTo(first.Buffer.Start, first.Buffer.Start);
        isWritten.SetResult();
        await areFlushed.Task;

        Assert.Equal(["first", "secondthird"], await ReadAsync(count: 2));
        await running;
    }

    [Fact]
    public async Task What_was_written_leaves_before_the_connection_ends_and_its_transport_is_again_what_it_was()
    {
        IDuplexPipe transport = _connection.Transport;
        Task running = TlsRecords.RunAsync(_connection, async connection =>
        {
            Assert.NotSame(transport, connection.Transport);
            connection.Transport.Output.Write("last"u8);
            await connection.Transport.Output.CompleteAsync();
        });

        Assert.False(running.IsCompleted);
        Assert.Equal(["last"], await ReadAsync(count: 1));
        await running;
        Assert.Same(transport, _connection.Transport);
    }

    [Fact]
    public async Task A_flush_says_when_the_client_is_gone()
    {
        await _encrypted.Reader.CompleteAsync();

        await TlsRecords.RunAsync(_connection, async connection =>
        {
            for (FlushResult flush = default; !flush.IsCompleted;)
            {
                flush = await connection.Transport.Output.WriteAsync("to nobody"u8.ToArray(), Token);
            }
        });
    }

    [Fact]
    public async Task A_certificate_by_name_is_left_to_Kestrel()
    {
        using var other = new TestAuthority();
        using var named = new TestAuthority();
        IEnumerable<string> names = named.Settings.Where(setting => setting.Contains(":Certificate:", StringComparison.Ordinal))
            .Select(setting => setting.Replace(":Certificate:", ":Sni:localhost:Certificate:", StringComparison.Ordinal));
        await using RunningServer server = await RunningServer.StartAsync([.. other.Settings, .. names]);

        // It trusts only this authority.
        await using SslStream tls = await named.ConnectAsync(server.Address);

        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
    }

    private static async Task FlushAsync(ConnectionContext connection, string answer) =>
        await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(answer), Token);

    private async Task<IReadOnlyList<string>> ReadAsync(int count)
    {
        List<string> writes = [];
        while (writes.Count < count)
        {
            ReadResult read = await _encrypted.Reader.ReadAsync(Token);
            writes.Add(Encoding.ASCII.GetString(read.Buffer.ToArray()));
            _encrypted.Reader.AdvanceTo(read.Buffer.End);
        }

        return writes;
    }

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
