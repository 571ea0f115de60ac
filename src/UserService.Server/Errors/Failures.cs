using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Users.Server.Errors;

/// <summary>
/// The catalogue: every failure that the service raises, as the google.rpc.Status that its caller reads. docs/errors.md is the
/// same table for people. A text is short, says what to do, and never holds an exception's text.
/// </summary>
internal static class Failures
{
    private const string Domain = "users.v1";
    private const string UserType = "users.v1.User";

    private static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(1);

    public static Status SequenceAhead(string room) => Create(
        StatusCode.OutOfRange, Reasons.SequenceAhead, "after_sequence is beyond the room's end: use the last sequence that you received from it.",
        metadata: [("room", room)]);

    public static Status RequestIdReused() => Create(
        StatusCode.InvalidArgument, Reasons.RequestIdReused, "request_id was used before for other content: draw a new one for each user and each message.");

    public static Status UserNotFound(string id) => Create(
        StatusCode.NotFound, Reasons.UserNotFound, $"There is no user {id}.",
        [new ResourceInfo { ResourceType = UserType, ResourceName = id, Description = "No such user." }], [("id", id)]);

    public static Status EmailTaken(string email) => Create(
        StatusCode.AlreadyExists, Reasons.EmailTaken, "Another user has this email: use another one.",
        [new ResourceInfo { ResourceType = UserType, ResourceName = email, Description = "This email is in use." }]);

    public static Status EtagMismatch(string id) => Create(
        StatusCode.Aborted, Reasons.EtagMismatch, "The user was changed since this etag was read: read it again, then write.",
        metadata: [("id", id)]);

    public static Status AlreadyJoined(string field, string joined) => Create(
        StatusCode.FailedPrecondition, Reasons.AlreadyJoined,
        $"{field} differs from the first message's: leave it empty, or open another stream.", metadata: [("field", field), ("joined", joined)]);

    public static Status SpeakerIsNotCaller(string caller) => Create(
        StatusCode.PermissionDenied, Reasons.ScopeMissing, "The token does not grant to speak as another: let user_id be its subject.",
        metadata: [("subject", Violations.Shortened(caller))]);

    public static Status StreamIdle(TimeSpan limit) => Create(
        StatusCode.DeadlineExceeded, Reasons.StreamIdle, $"No message came for {limit.TotalSeconds:0} s: send sooner, or close the stream.");

    /// <param name="ofStream">Whether the caller streams its messages: then earlier ones may be written.</param>
    public static Status StoreFull(bool ofStream = false) => Create(
        StatusCode.ResourceExhausted, Reasons.StoreFull, $"The database is full: {Written(ofStream)}. Its operator has to make room.");

    /// <inheritdoc cref="StoreFull"/>
    public static Status StoreBusy(bool ofStream = false) => Create(
        StatusCode.Unavailable, Reasons.StoreBusy, $"The database is busy: {Written(ofStream)}. Try again later.", [Retry(UsualDelay)]);

    /// <summary>A commit whose answer was lost.</summary>
    public static Status StoreDidNotAnswer() => Create(
        StatusCode.Unavailable,
        Reasons.StoreBusy,
        "The database did not answer: this may be written or not. Try again later with the same request_id or etag.",
        [Retry(UsualDelay)]);

    public static Status ShuttingDown() => Create(
        StatusCode.Unavailable, Reasons.ShuttingDown, "The server is shutting down: try again, or resume the stream, in a moment.", [Retry(UsualDelay)]);

    public static Status DeadlineExceeded() => Create(
        StatusCode.DeadlineExceeded, Reasons.DeadlineExceeded, "The call's deadline passed.");

    public static Status Cancelled() => Create(StatusCode.Cancelled, Reasons.Cancelled, "The call was cancelled.");

    public static Status Internal(string traceId) => Create(
        StatusCode.Internal, Reasons.Internal, $"A bug in the server. Report it with the trace id {traceId}.",
        [new RequestInfo { RequestId = traceId }]);

    internal static Status Create(
        StatusCode code,
        string reason,
        string message,
        ReadOnlySpan<IMessage> details = default,
        ReadOnlySpan<(string Key, string Value)> metadata = default)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = reason };
        foreach ((string key, string value) in metadata)
        {
            info.Metadata[key] = value;
        }

        var status = new Status { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
        foreach (IMessage detail in details)
        {
            status.Details.Add(Any.Pack(detail));
        }

        return status;
    }

    private static string Written(bool ofStream) =>
        ofStream ? "the last that was sent is not written, what was sent before it may be" : "nothing was written";

    internal static RetryInfo Retry(TimeSpan delay) => new() { RetryDelay = Duration.FromTimeSpan(delay) };
}
