using System.Runtime.CompilerServices;
using Grpc.Core;
using Users.Cli.Commands;
using Users.Cli.Connection;
using Users.V1;

namespace Users.Cli.Chat;

/// <summary>
/// A stay in a room, over as many calls as it takes. After a break the next call joins where the last one was, and says again what has not
/// come back: each line has a request id, so the server says it once and each message is shown once. A break before the server has said
/// where the chat begins joins again as at first; what had been said by then comes back as a receipt.
/// </summary>
internal sealed class ChatSession(ServiceAction.Session session, ChatMessage join, OwnLines lines, ChatView view)
{
    private readonly ChatMessage _join = join.Clone();
    // What the last call broke with, until the next one is in the room.
    private RpcException? _break;

    /// <summary>Whether a person's leaving counts at once while nothing can be said; a pipe's end waits until all is said.</summary>
    public bool LeavesAtOnce { get; init; }

    /// <exception cref="RpcException">The service refused, or the connection broke for good.</exception>
    /// <exception cref="CommandException">Likewise, with own lines that did not come back.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!await StayAsync(cancellationToken) && await WaitAsync(cancellationToken))
            {
            }

            // A person who left while nothing could be said is not kept waiting, but reads which lines may not have been sent.
            if (_break is not null && lines.Unheard > 0)
            {
                throw _break;
            }
        }
        catch (Exception e) when (lines.Unheard > 0 && e is RpcException or OperationCanceledException)
        {
            string advice =
                $"{lines.Unheard} of your lines did not come back; --after {_join.AfterSequence} shows whether they were stored.";
            throw e is RpcException rpc
                ? await CallFailure.ExplainAsync(rpc, session.Target, cancellationToken, advice)
                : new CommandException("Interrupted.", ExitCodes.Interrupted) { Advice = advice };
        }
    }

    /// <returns>Whether it was left; false after a break.</returns>
    private async Task<bool> StayAsync(CancellationToken cancellationToken)
    {
        long start = session.Resumption.Time.GetTimestamp();
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var call = new ChatCall(session.Client, left.Token);
            await call.RunAsync(_join, SayAsync(left, cancellationToken), Begin, HearAsync);
            return true;
        }
        catch (Exception) when (left.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            // In a silent room no message shows that the call works; that it stayed open does.
            if (session.Resumption.Time.GetElapsedTime(start) > Resumption.LongestDelay)
            {
                session.Resumption.Progressed();
            }

            if (!session.Resumption.CanFollow(e))
            {
                throw;
            }

            _break = e;
            return false;
        }
    }

    /// <returns>False when a person left meanwhile.</returns>
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan delay = session.Resumption.NextDelay(_break!);
        view.Note(Resumption.Announce(_break!, "joining again", delay));
        using var away = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task waiting = session.Resumption.WaitAsync(delay, away.Token);
        Task leaving = LeavesAtOnce ? lines.TakeAllAsync(away.Token) : Task.Delay(Timeout.Infinite, away.Token);
        bool isOver = await Task.WhenAny(waiting, leaving) == waiting;
        await away.CancelAsync();
        await Task.WhenAll(waiting, leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return isOver;
    }

    private async IAsyncEnumerable<OwnLine> SayAsync(CancellationTokenSource left, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (OwnLine line in lines.SayAsync(cancellationToken))
        {
            yield return line;
        }

        if (LeavesAtOnce && _break is not null)
        {
            await left.CancelAsync();
        }
    }

    private void Begin(long sequence)
    {
        _join.AfterSequence = sequence;
        IsBack();
    }

    private async Task HearAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        IsBack();
        await view.ShowAsync(message, cancellationToken);
        // A receipt lies before the position.
        _join.AfterSequence = Math.Max(_join.AfterSequence, message.Sequence);
        if (message.UserId == _join.UserId)
        {
            lines.Hear(message.RequestId);
        }

        session.Resumption.Progressed();
    }

    private void IsBack()
    {
        if (_break is not null)
        {
            view.Note("Back in the room.");
            _break = null;
        }
    }
}
