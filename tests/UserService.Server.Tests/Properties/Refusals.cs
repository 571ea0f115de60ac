using Grpc.Core;

namespace Users.Server.Tests.Properties;

/// <summary>What a healthy server may refuse, by what was sent: the reasons of docs/errors.md that are the caller's own doing.</summary>
internal static class Refusals
{
    public static IReadOnlyDictionary<string, StatusCode> Codes { get; } = new Dictionary<string, StatusCode>
    {
        ["INVALID_FIELDS"] = StatusCode.InvalidArgument,
        ["REQUEST_ID_REUSED"] = StatusCode.InvalidArgument,
        ["USER_NOT_FOUND"] = StatusCode.NotFound,
        ["EMAIL_TAKEN"] = StatusCode.AlreadyExists,
        ["ETAG_MISMATCH"] = StatusCode.Aborted,
        ["SEQUENCE_AHEAD"] = StatusCode.OutOfRange,
        ["ALREADY_JOINED"] = StatusCode.FailedPrecondition,
    };
}
