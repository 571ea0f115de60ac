namespace Users.Benchmarks.Load.Wire;

/// <summary>Finds frames in what a connection receives.</summary>
internal sealed class FrameReader(Stream connection)
{
    private readonly byte[] _input = new byte[256 * 1024];
    private int _have;

    /// <summary>Waits for the next bytes and hands out the frames that they complete; what one holds is only there while it is handled.</summary>
    public void Read(Action<Frame, ReadOnlySpan<byte>> handler)
    {
        int received = connection.Read(_input.AsSpan(_have));
        _have += received > 0 ? received : throw new IOException("The server closed the connection.");
        int taken = 0;
        while (_have - taken >= Frame.HeadLength
            && Frame.Read(_input.AsSpan(taken)) is var frame
            && _have - taken >= Frame.HeadLength + frame.Length)
        {
            handler(frame, _input.AsSpan(taken + Frame.HeadLength, frame.Length));
            taken += Frame.HeadLength + frame.Length;
        }

        _input.AsSpan(taken, _have - taken).CopyTo(_input);
        _have -= taken;
    }
}
