using System.Threading.Channels;
using Users.V1;

namespace Users.Benchmarks.Floors;

/// <summary>A room of nothing but queues.</summary>
internal sealed class FloorRoom
{
    private readonly List<Channel<ChatMessage>> _listeners = [];
    private long _sequence;

    public Channel<ChatMessage> Enter()
    {
        var listener = Channel.CreateUnbounded<ChatMessage>(new UnboundedChannelOptions { SingleReader = true });
        lock (_listeners)
        {
            _listeners.Add(listener);
        }

        return listener;
    }

    public void Post(ChatMessage message)
    {
        lock (_listeners)
        {
            message.Sequence = ++_sequence;
            foreach (Channel<ChatMessage> listener in _listeners)
            {
                listener.Writer.TryWrite(message);
            }
        }
    }

    public void Leave(Channel<ChatMessage> listener)
    {
        lock (_listeners)
        {
            _listeners.Remove(listener);
            listener.Writer.Complete();
        }
    }
}
