using Users.V1;

namespace Users.Server.Tests.Properties.Model;

/// <summary>A chat room: what was said in it, in order. The time of a message comes with its first delivery.</summary>
internal sealed class RoomModel(string name)
{
    private readonly List<ChatMessage> _said = [];

    public string Name => name;

    public long End => _said.Count;

    public void Say(string userId, string text) =>
        _said.Add(new ChatMessage { Room = name, UserId = userId, Message = text, Sequence = End + 1 });

    public void AssertIs(long sequence, ChatMessage heard)
    {
        ChatMessage said = _said[(int)sequence - 1];
        said.Timestamp ??= heard.Timestamp;
        Assert.NotNull(heard.Timestamp);
        Assert.Equal(said, heard);
    }
}
