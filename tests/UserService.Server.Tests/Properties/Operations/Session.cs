using Grpc.Core;
using Users.Server.Tests.Properties.Model;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

/// <summary>An open chat of one user in one room, and how far it has heard.</summary>
internal sealed class Session(AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call, RoomModel room, ModelUser user, long position)
    : IDisposable
{
    public RoomModel Room => room;

    public ModelUser User => user;

    public long Position { get; private set; } = position;

    public Task SendAsync(ChatMessage message) => call.RequestStream.WriteAsync(message, World.Token);

    public async Task HearAsync()
    {
        while (Position < room.End)
        {
            Assert.True(await NextAsync(call), $"The chat ended after {Position} of {room.End} messages.");
            room.AssertIs(++Position, call.ResponseStream.Current);
        }
    }

    public Task AssertRefusedAsync(string refusal) => World.AssertRefusedAsync(refusal, () => NextAsync(call));

    public async Task LeaveAsync()
    {
        await call.RequestStream.CompleteAsync();
        Assert.False(await NextAsync(call), "Something was heard that nobody said.");
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    public void Dispose() => call.Dispose();

    public static Task<bool> NextAsync(AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call) =>
        call.ResponseStream.MoveNext(World.Token).WaitAsync(TimeSpan.FromSeconds(30), World.Token);
}
