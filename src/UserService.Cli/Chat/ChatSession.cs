using Grpc.Core;
using Users.Cli.Commands;
using Users.Cli.Connection;
using Users.V1;

namespace Users.Cli.Chat;

/// <summary>
/// A stay in a room, over as many calls as it takes. After a break a first call only catches up: it closes its side at once, so
/// the server ends it at the room's end, and whichever own line is stored has come back by then. The next call stays, and says
/// the others again.
/// <para>
/// So each message is shown once, and each line said once, from where the server said that the chat began. Before it has said so
/// nobody knows: after a break then, the chat joins again as at first, and when own lines were on their way, it ends rather than say
/// them twice.
/// </para>
/// </summary>
internal sealed class ChatSession(ServiceAction.Session session, ChatMessage join, OwnLines lines, ChatView view)
{
    private readonly ChatMessage _join = join.Clone();

    /// <summary>Whether a person's leaving counts at once while nothing can be said; a pipe's end waits until all is said.</summary>
    public bool LeavesAtOnce { get; init; }

    /// <exception cref="RpcException">The service refused, or the connection broke for good.</exception>
    /// <exception cref="CommandException">Likewise, with own lines that did not come back.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await StayAsync(cancellationToken) is { } failure)
            {
                if (!await IsBackAsync(failure, cancellationToken))
                {
                    // A person who left is not kept waiting, but reads which lines may not have been sent.
                    if (lines.Unheard > 0)
                    {
                        throw failure;
                    }

                    return;
                }

                view.Note("Back in the room.");
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

    /// <returns>The break that ended it; null when it was left.</returns>
    private async Task<RpcException?> StayAsync(CancellationToken cancellationToken)
    {
        long start = session.Resumption.Time.GetTimestamp();
        try
        {
            await CallAsync(lines.SayAsync(cancellationToken), cancellationToken);
            return null;
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested && (_join.HasAfterSequence || !lines.IsInDoubt))
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

            return e;
        }
    }

    /// <returns>False when the input ended meanwhile.</returns>
    private async Task<bool> IsBackAsync(RpcException failure, CancellationToken cancellationToken)
    {
        using var away = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task catchingUp = CatchUpAsync(failure, away.Token);
        Task leaving = LeavesAtOnce ? lines.TakeAllAsync(away.Token) : Task.Delay(Timeout.Infinite, away.Token);
        bool isBack = await Task.WhenAny(catchingUp, leaving) == catchingUp;
        await away.CancelAsync();
        await Task.WhenAll(catchingUp, leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (isBack)
        {
            await catchingUp;
        }

        return isBack;
    }

    private async Task CatchUpAsync(RpcException? failure, CancellationToken cancellationToken)
    {
        while (failure is not null)
        {
            TimeSpan delay = session.Resumption.NextDelay(failure);
            view.Note(Resumption.Announce(failure, "joining again", delay));
            await session.Resumption.WaitAsync(delay, cancellationToken);
            try
            {
                await (_join.HasAfterSequence
                    ? CallAsync(AsyncEnumerable.Empty<string>(), cancellationToken)
                    : session.Client.GetUserAsync(
                        new GetUserRequest { Id = _join.UserId }, cancellationToken: cancellationToken).ResponseAsync);
                failure = null;
            }
            catch (RpcException e) when (!cancellationToken.IsCancellationRequested && session.Resumption.CanFollow(e))
            {
                failure = e;
            }
        }
    }

    private async Task CallAsync(IAsyncEnumerable<string> said, CancellationToken cancellationToken)
    {
        using var call = new ChatCall(session.Client, cancellationToken);
        await call.RunAsync(_join, said, sequence => _join.AfterSequence = sequence, HearAsync);
    }

    private async Task HearAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        await view.ShowAsync(message, cancellationToken);
        _join.AfterSequence = message.Sequence;
        if (message.UserId == _join.UserId)
        {
            lines.Hear(message.Message);
        }

        session.Resumption.Progressed();
    }
}
