using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Users.V1;

namespace Users.Client.Tests.Support;

/// <summary>The scripted server's side of a stream.</summary>
internal sealed class Conversation(HttpContext http)
{
    /// <returns>The client's next message; null when it closed its side.</returns>
    public async Task<ChatMessage?> HearAsync() =>
        await GrpcFrame.ReadAsync(http.Request.Body, http.RequestAborted) is { Length: > 0 } message ? ChatMessage.Parser.ParseFrom(message) : null;

    /// <summary>Says where in the room the call begins, as the service does once it has joined.</summary>
    public Task JoinAsync(long sequence)
    {
        http.Response.Headers["room-sequence"] = $"{sequence}";
        return http.Response.Body.FlushAsync(http.RequestAborted);
    }

    public Task SayAsync(long sequence, string userId, string text, string requestId = "") =>
        SayAsync(new ChatMessage { Sequence = sequence, UserId = userId, Room = "lobby", Message = text, RequestId = requestId });

    public async Task SayAsync(IMessage message)
    {
        await http.Response.Body.WriteAsync(GrpcFrame.Write(message), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
