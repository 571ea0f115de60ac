using System.Globalization;
using Grpc.Core;
using Users.Client.Connection;
using Users.V1;

namespace Users.Cli.Chat;

/// <summary>
/// One ChatUsers call, from joining to leaving. One loop sends what is said, another shows what is heard, the own messages
/// too: they are stored when they come back. Neither waits for the other.
/// </summary>
internal sealed class ChatCall : IDisposable
{
    private const string PositionHeader = "room-sequence";

    private readonly AsyncDuplexStreamingCall<ChatMessage, ChatMessage> _call;
    private readonly CancellationToken _cancellationToken;

    public ChatCall(UserService.UserServiceClient client, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _call = client.ChatUsers(cancellationToken: cancellationToken);
    }

    /// <param name="join">The first message.</param>
    /// <param name="lines">What is said after it; its end leaves the room, and then everything said until now still comes.</param>
    /// <param name="joined">Told where in the room the call begins, if the server says so.</param>
    /// <param name="show">Shows a message.</param>
    /// <exception cref="RpcException">The server ended the call, or there is none.</exception>
    public async Task RunAsync(
        ChatMessage join, IAsyncEnumerable<OwnLine> lines, Action<long> joined, Func<ChatMessage, CancellationToken, Task> show)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        Task hearing = HearAsync(joined, show);
        Task<bool> leaving = SpeakAsync(join, lines, ended.Token);
        if (await Task.WhenAny(hearing, leaving) == hearing)
        {
            await ended.CancelAsync();
        }

        // The stream that is heard has the call's status, so it is asked first.
        bool hasLeft = await leaving;
        await hearing;
        if (!hasLeft)
        {
            throw new CommandException("The server ended the chat.", ExitCodes.Failed);
        }
    }

    public void Dispose() => _call.Dispose();

    private async Task HearAsync(Action<long> joined, Func<ChatMessage, CancellationToken, Task> show)
    {
        Metadata headers = await _call.ResponseHeadersAsync;
        if (long.TryParse(headers.GetValue(PositionHeader), NumberStyles.None, CultureInfo.InvariantCulture, out long position))
        {
            joined(position);
        }

        await foreach (ChatMessage message in _call.ResponseStream.ReadAllAsync(_cancellationToken))
        {
            await show(message, _cancellationToken);
        }
    }

    /// <returns>Whether everything was said; false when the call ended before.</returns>
    private async Task<bool> SpeakAsync(ChatMessage join, IAsyncEnumerable<OwnLine> lines, CancellationToken ended)
    {
        try
        {
            await _call.RequestStream.WriteAsync(join, ended);
            await foreach (OwnLine line in lines.WithCancellation(ended))
            {
                await _call.RequestStream.WriteAsync(new ChatMessage { Message = line.Text, RequestId = line.RequestId }, ended);
            }

            await _call.RequestStream.CompleteAsync();
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException || EndedCall.ExplainsWrite(e))
        {
            return false;
        }
    }
}
