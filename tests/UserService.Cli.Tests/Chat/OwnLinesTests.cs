using System.Threading.Channels;
using Users.Cli.Chat;

namespace Users.Cli.Tests.Chat;

public sealed class OwnLinesTests
{
    private readonly Channel<string> _input = Channel.CreateUnbounded<string>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_call_begins_with_what_was_not_heard()
    {
        using OwnLines lines = Of("one", "", "  ", " two ", "two", "three");
        Assert.Equal(["one", " two ", "two", "three"], await lines.SayAsync(Token).ToListAsync(Token));
        Assert.True(lines.IsInDoubt);

        lines.Hear("elsewhere");
        lines.Hear("one");
        lines.Hear("two");
        lines.Hear(" two ");

        Assert.Equal(2, lines.Unheard);
        Assert.Equal(["two", "three"], await lines.SayAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task What_was_not_said_cannot_be_heard()
    {
        using OwnLines lines = Of("one", "two");
        await lines.TakeAllAsync(Token);

        lines.Hear("one");

        Assert.Equal((2, false), (lines.Unheard, lines.IsInDoubt));
        Assert.Equal(["one", "two"], await lines.SayAsync(Token).ToListAsync(Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task No_more_is_taken_than_is_kept_until_a_line_is_heard()
    {
        using OwnLines lines = Of([.. Enumerable.Range(0, OwnLines.MaxUnheard + 2).Select(number => $"{number}")]);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(Token);
        List<string> said = [];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string line in lines.SayAsync(call.Token))
            {
                said.Add(line);
                if (said.Count == OwnLines.MaxUnheard)
                {
                    // One place becomes free: one more line, and then nothing comes.
                    lines.Hear("0");
                }
                else if (said.Count > OwnLines.MaxUnheard)
                {
                    call.Cancel();
                }
            }
        });

        Assert.Equal(OwnLines.MaxUnheard + 1, said.Count);
        Assert.Equal(OwnLines.MaxUnheard, lines.Unheard);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_that_ends_while_nobody_types_takes_no_line_with_it()
    {
        using var lines = new OwnLines(_input.Reader);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task taking = lines.TakeAllAsync(call.Token);
        await call.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);

        _input.Writer.TryWrite("one");
        _input.Writer.Complete();

        Assert.Equal(["one"], await lines.SayAsync(Token).ToListAsync(Token));
    }

    private OwnLines Of(params string[] lines)
    {
        Assert.All(lines, line => Assert.True(_input.Writer.TryWrite(line)));
        _input.Writer.Complete();
        return new OwnLines(_input.Reader);
    }
}
