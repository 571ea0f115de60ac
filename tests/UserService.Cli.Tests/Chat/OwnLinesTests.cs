using System.Threading.Channels;
using Users.Cli.Chat;

namespace Users.Cli.Tests.Chat;

public sealed class OwnLinesTests
{
    private readonly Channel<string> _input = Channel.CreateUnbounded<string>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_call_begins_with_what_was_not_heard_under_the_same_request_ids()
    {
        using OwnLines lines = Of("one", "", "  ", " two ", "two", "three");
        List<OwnLine> said = await lines.SayAsync(Token).ToListAsync(Token);
        Assert.Equal(["one", " two ", "two", "three"], said.Select(line => line.Text));
        Assert.Equal(4, said.Select(line => Guid.Parse(line.RequestId)).Distinct().Count());

        lines.Hear("elsewhere");
        // A receipt may come after the echo of a later line.
        lines.Hear(said[1].RequestId);
        lines.Hear(said[0].RequestId);
        lines.Hear(said[0].RequestId);

        Assert.Equal(2, lines.Unheard);
        Assert.Equal(said[2..], await lines.SayAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_line_that_comes_back_before_a_call_says_it_again_is_not_said_again()
    {
        using OwnLines lines = Of("one", "two", "three");
        List<OwnLine> said = await lines.SayAsync(Token).ToListAsync(Token);

        List<OwnLine> again = [];
        await foreach (OwnLine line in lines.SayAsync(Token))
        {
            again.Add(line);
            lines.Hear(said[1].RequestId);
        }

        Assert.Equal([said[0], said[2]], again);
    }

    [Fact(Timeout = 30_000)]
    public async Task No_more_is_taken_than_is_kept_until_a_line_is_heard()
    {
        using OwnLines lines = Of([.. Enumerable.Range(0, OwnLines.MaxUnheard + 2).Select(number => $"{number}")]);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(Token);
        List<OwnLine> said = [];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (OwnLine line in lines.SayAsync(call.Token))
            {
                said.Add(line);
                if (said.Count == OwnLines.MaxUnheard)
                {
                    // One place becomes free: one more line, and then nothing comes.
                    lines.Hear(said[0].RequestId);
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

        Assert.Equal("one", Assert.Single(await lines.SayAsync(Token).ToListAsync(Token)).Text);
    }

    private OwnLines Of(params string[] lines)
    {
        Assert.All(lines, line => Assert.True(_input.Writer.TryWrite(line)));
        _input.Writer.Complete();
        return new OwnLines(_input.Reader);
    }
}
