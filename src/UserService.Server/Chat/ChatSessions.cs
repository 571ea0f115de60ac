using Grpc.Core;
using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Errors;
using Users.Server.Settings;
using Users.V1;

namespace Users.Server.Chat;

/// <summary>
/// ChatUsers: one loop reads what the client says and stores it, another delivers the room from the client's position on. They
/// share nothing but the log, so a slow reader delays no other, and only one loop ever writes to the stream.
/// </summary>
internal sealed class ChatSessions(Rooms rooms, Speakers speakers, IOptions<Limits> limits, TimeProvider time)
{
    public async Task RunAsync(
        IAsyncStreamReader<ChatMessage> incoming, IServerStreamWriter<ChatMessage> outgoing, ServerCallContext context)
    {
        CancellationToken cancellationToken = context.CancellationToken;
        using var opening = new IdleLimitedReader<ChatMessage>(incoming, limits.Value.StreamIdle, time, cancellationToken);
        if (!await opening.MoveNextAsync())
        {
            return;
        }

        speakers.RequireCaller(opening.Current.UserId, context);
        ChatJoin join = ChatRules.ReadJoin(opening.Current, speakers, limits.Value);
        using Speaker speaker = await speakers.EnterAsync(join.UserId, cancellationToken);
        using ChatSubscription subscription = await rooms.FollowAsync(join.Room, join.AfterSequence, context);
        if (join.First.Text.Length > 0)
        {
            // Before anything is heard: a client that hears the room knows that it has spoken.
            await PostAsync(join, [join.First], subscription, cancellationToken);
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, speaker.Gone);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        // A status does not reach a stalled reader, so its stream is reset when its speaker is gone.
        using var cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using CancellationTokenRegistration grace = speaker.Gone.UnsafeRegister(_ => cut.CancelAfter(limits.Value.StreamGrace), null);
        using CancellationTokenRegistration reset = StalledStream.ResetAt(context.GetHttpContext(), cut.Token);
        var ahead = new ReadAhead<ChatMessage>(incoming, ended.Token);
        Task speaking = SpeakAsync(ahead, join, subscription, closing, ended.Token);
        Task delivering = DeliverAsync(subscription, new BufferedStream<ChatMessage>(outgoing, context), closing.Token, ended.Token);
        Task first = await Task.WhenAny(speaking, delivering);
        bool isGone = first.IsCanceled && speaker.Gone.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
        if (!first.IsCompletedSuccessfully)
        {
            await ended.CancelAsync();
        }

        // Both have ended before the call does; the one that ended it says why.
        await Task.WhenAll(speaking, delivering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ahead.EndAsync();
        if (isGone)
        {
            throw Failures.UserNotFound(join.UserId).ToException();
        }

        await first;
        await delivering;
    }

    private async Task SpeakAsync(
        ReadAhead<ChatMessage> incoming,
        ChatJoin join,
        ChatSubscription subscription,
        CancellationTokenSource closing,
        CancellationToken ended)
    {
        List<NewMessage> said = [];
        try
        {
            while (await incoming.Next)
            {
                said.Add(ChatRules.ReadLater(incoming.Current, join, speakers, limits.Value));
                incoming.Advance();
                // What has arrived by now shares a commit; what arrives meanwhile shares the next.
                if (!incoming.Next.IsCompleted || said.Count == ChatLog.MaxPost)
                {
                    List<NewMessage> arrived = said;
                    said = [];
                    await PostAsync(join, arrived, subscription, ended);
                }
            }
        }
        catch (Exception) when (said.Count > 0)
        {
            // Stores what came before the refused message, or before the stream broke. Where that fails, too, the first fault
            // still ends the call.
            await PostAsync(join, said, subscription, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        if (said.Count > 0)
        {
            await PostAsync(join, said, subscription, ended);
        }

        await closing.CancelAsync();
    }

    private async Task PostAsync(
        ChatJoin join, IReadOnlyList<NewMessage> messages, ChatSubscription subscription, CancellationToken cancellationToken)
    {
        Posted posted = await rooms.PostAsync(join.Room, join.UserId, messages, cancellationToken);
        if (posted.Entries.Count > posted.Added.Count)
        {
            // What was said before this stream began does not come in its turn.
            await subscription.ReceiveAsync(posted.Entries, cancellationToken);
        }
    }

    private static async Task DeliverAsync(
        ChatSubscription subscription, BufferedStream<ChatMessage> outgoing, CancellationToken closing, CancellationToken ended)
    {
        while (await NextAsync(subscription, closing, ended) is { } entries)
        {
            await Rooms.WriteAsync(outgoing, entries, long.MaxValue);
        }

        // The client closed its side: what the room holds at this moment is still delivered, and then the call ends.
        long end = subscription.End;
        while (subscription.Position < end || subscription.HasReceipts)
        {
            await Rooms.WriteAsync(outgoing, await subscription.ReadAsync(ended), end);
        }
    }

    private static async ValueTask<IReadOnlyList<ChatEntry>?> NextAsync(
        ChatSubscription subscription, CancellationToken closing, CancellationToken ended)
    {
        try
        {
            return await subscription.ReadAsync(closing);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return null;
        }
    }
}
