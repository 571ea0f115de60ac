namespace Users.Benchmarks.Load.Wire;

/// <summary>What the server may still send, on a stream or on the whole connection: all, before long.</summary>
internal sealed class ReceiveWindow
{
    // Half of the widest window.
    private const int TellAfter = 1 << 30;

    private int _untold;

    public void Add(int stream, int bytes, FrameWriter output)
    {
        _untold += bytes;
        if (_untold >= TellAfter)
        {
            output.WriteWindowUpdate(stream, _untold);
            _untold = 0;
        }
    }
}
