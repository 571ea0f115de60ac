namespace Users.Server.Telemetry;

/// <summary>What one stream received and sent. Its two directions are counted apart, each by one loop at a time.</summary>
internal sealed class CallCounts
{
    public long Requests { get; private set; }

    public long RequestBytes { get; private set; }

    public long Responses { get; private set; }

    public long ResponseBytes { get; private set; }

    public void Received(int bytes) => (Requests, RequestBytes) = (Requests + 1, RequestBytes + bytes);

    public void Sent(int bytes) => (Responses, ResponseBytes) = (Responses + 1, ResponseBytes + bytes);
}
