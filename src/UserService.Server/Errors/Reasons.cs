namespace Users.Server.Errors;

/// <summary>The reasons that google.rpc.ErrorInfo carries, in the domain <c>users.v1</c>: what a program branches on.</summary>
internal static class Reasons
{
    public const string InvalidFields = "INVALID_FIELDS";
    public const string SequenceAhead = "SEQUENCE_AHEAD";
    public const string RequestIdReused = "REQUEST_ID_REUSED";
    public const string UserNotFound = "USER_NOT_FOUND";
    public const string EmailTaken = "EMAIL_TAKEN";
    public const string EtagMismatch = "ETAG_MISMATCH";
    public const string AlreadyJoined = "ALREADY_JOINED";
    public const string ScopeMissing = "SCOPE_MISSING";
    public const string StreamIdle = "STREAM_IDLE";
    public const string StoreFull = "STORE_FULL";
    public const string StoreBusy = "STORE_BUSY";
    public const string ShuttingDown = "SHUTTING_DOWN";
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";
    public const string Cancelled = "CANCELLED";
    public const string Internal = "INTERNAL";
}
