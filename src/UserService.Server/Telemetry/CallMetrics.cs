using System.Diagnostics;
using System.Diagnostics.Metrics;
using Users.Data;
using Users.Server.Calls;

namespace Users.Server.Telemetry;

/// <summary>
/// The server's instruments: the calls by OpenTelemetry's conventions for RPC, what flowed in streams by those of version 1.37, and what an
/// operator of this service asks for. Later conventions leave sizes and counts out. Those of a unary call, one message each way, cost more than
/// its duration: with them a server with metrics had 0.92 of the calls that it has without.
/// </summary>
internal sealed class CallMetrics
{
    public const string MeterName = "Users.Server";

    /// <summary>The attribute that says why a call failed, in the words of the error catalogue.</summary>
    public const string Reason = "users.reason";

    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _requestBytes;
    private readonly Histogram<long> _responseBytes;
    private readonly Histogram<long> _requests;
    private readonly Histogram<long> _responses;
    private readonly UpDownCounter<int> _streams;

    public CallMetrics(IMeterFactory meters, ChatLog chat, DrainSignal drain)
    {
        Meter meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("rpc.server.call.duration", "s", "How long a call took.");
        _requestBytes = meter.CreateHistogram<long>("rpc.server.request.size", "By", "Bytes of all messages that a stream received.");
        _responseBytes = meter.CreateHistogram<long>("rpc.server.response.size", "By", "Bytes of all messages that a stream sent.");
        _requests = meter.CreateHistogram<long>("rpc.server.requests_per_rpc", "{count}", "Messages that a stream received.");
        _responses = meter.CreateHistogram<long>("rpc.server.responses_per_rpc", "{count}", "Messages that a stream sent.");
        _streams = meter.CreateUpDownCounter<int>("users.streams", "{stream}", "Streams that are open.");
        meter.CreateObservableGauge("users.chat.rooms", () => chat.RoomCount, "{room}", "Rooms with subscribers.");
        meter.CreateObservableGauge("users.chat.subscribers", () => chat.SubscriberCount, "{subscriber}", "Streams that follow a room.");
        meter.CreateObservableGauge("users.draining", () => drain.Begun.IsCancellationRequested ? 1 : 0, "1", "1 while the server shuts down.");
    }

    /// <summary>Whether there is a listener; without one nothing is counted.</summary>
    public bool Enabled => _duration.Enabled;

    public void StreamOpened(string method) => _streams.Add(1, new KeyValuePair<string, object?>("rpc.method", method));

    public void StreamClosed(string method) => _streams.Add(-1, new KeyValuePair<string, object?>("rpc.method", method));

    /// <param name="method">Such as <c>users.v1.UserService/GetUser</c>.</param>
    /// <param name="status">As the protocol writes it, such as NOT_FOUND.</param>
    /// <param name="reason">Why it failed, such as USER_NOT_FOUND; null where the catalogue has no word for it, or it did not fail.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="counts">What it received and sent, if it is a stream.</param>
    public void Finished(string method, string status, string? reason, TimeSpan elapsed, CallCounts? counts)
    {
        var tags = new TagList { { "rpc.system.name", "grpc" }, { "rpc.method", method }, { "rpc.response.status_code", status } };
        if (reason is not null)
        {
            tags.Add(Reason, reason);
        }

        _duration.Record(elapsed.TotalSeconds, tags);
        if (counts is not null)
        {
            _requestBytes.Record(counts.RequestBytes, tags);
            _responseBytes.Record(counts.ResponseBytes, tags);
            _requests.Record(counts.Requests, tags);
            _responses.Record(counts.Responses, tags);
        }
    }
}
