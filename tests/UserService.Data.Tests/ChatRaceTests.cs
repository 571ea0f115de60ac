using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Users.Data.Tests;

/// <summary>What is said between a subscriber's look at the table and its next step.</summary>
public sealed class ChatRaceTests : StoreTests
{
    private readonly AfterRead _afterRead = new();
    private readonly ReaderPool _readers;
    private readonly ChatLog _chat;

    public ChatRaceTests()
    {
        DbContextOptions<UsersContext> options = new DbContextOptionsBuilder<UsersContext>(
                UsersContext.Options($"Data Source={Folder.Database};Pooling=False", new ConnectionSettings(new UserStoreOptions()), NullLoggerFactory.Instance))
            .AddInterceptors(_afterRead)
            .Options;
        _readers = new ReaderPool(() => new UsersContext(options));
        _chat = new ChatLog(_readers, Store.Writer, Time, tailLength: 16);
    }

    [Fact]
    public async Task A_message_committed_right_after_a_subscriber_looked_for_the_end_reaches_it()
    {
        User ada = await CreateAsync("Ada");
        _afterRead.Once = () => _chat.PostAsync("lobby", ada.Id, "in between", Cancellation);

        using ChatSubscription reader = (await _chat.SubscribeAsync("lobby", 0, Cancellation))!;

        Assert.Null(_afterRead.Once);
        Assert.Equal(1, reader.End);
        Assert.Equal("in between", Assert.Single(await reader.ReadAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task A_message_committed_right_after_a_reader_found_nothing_wakes_it()
    {
        User ada = await CreateAsync("Ada");
        await _chat.PostAsync("lobby", ada.Id, "pruned", Cancellation);
        using ChatSubscription reader = (await _chat.SubscribeAsync("lobby", 0, Cancellation))!;
        await Store.Writer.RunAsync(db => db.Messages.ExecuteDelete(), committed: null, Cancellation);
        _afterRead.Once = () => _chat.PostAsync("lobby", ada.Id, "in between", Cancellation);

        // The time is only how long a failure takes.
        IReadOnlyList<ChatEntry> read = await reader.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Null(_afterRead.Once);
        Assert.Equal("in between", Assert.Single(read).Text);
    }

    protected override void Dispose(bool disposing)
    {
        _readers.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Does something when a query has read its last row, before its reader goes on.</summary>
    private sealed class AfterRead : DbCommandInterceptor
    {
        public Func<Task>? Once { get; set; }

        public override InterceptionResult DataReaderDisposing(
            DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
        {
            Func<Task>? action = Once;
            Once = null;
            action?.Invoke().Wait();
            return result;
        }
    }
}
