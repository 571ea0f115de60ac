using Google.Rpc;
using Grpc.Core;
using Users.Server.Errors;
using Status = Google.Rpc.Status;

namespace Users.Server.Guards;

/// <summary>What the guards refuse a call with, beside the core's <see cref="Failures"/>.</summary>
internal static class GuardFailures
{
    public static Status TokenMissing() => Failures.Create(
        StatusCode.Unauthenticated, GuardReasons.TokenMissing, "A token is needed: send it in the metadata, as 'authorization: Bearer <token>'.");

    public static Status TokenInvalid() => Failures.Create(
        StatusCode.Unauthenticated, GuardReasons.TokenInvalid, "The token is not valid here: ask its issuer for another one.");

    public static Status TokenExpired() => Failures.Create(
        StatusCode.Unauthenticated, GuardReasons.TokenExpired, "The token has expired: call again, or resume the stream, with a fresh one.");

    public static Status IssuerUnavailable() => Failures.Create(
        StatusCode.Unavailable, GuardReasons.IssuerUnavailable, "The server cannot judge tokens yet, since their issuer does not answer: try again later.",
        [Failures.Retry(IssuerKeys.Shortest)]);

    public static Status ScopeMissing(string permission) => Failures.Create(
        StatusCode.PermissionDenied, Reasons.ScopeMissing, $"The token does not grant {permission}: ask its issuer for one that does.",
        metadata: [("permission", permission)]);

    public static Status NobodyAllowed() => Failures.Create(
        StatusCode.PermissionDenied, Reasons.ScopeMissing, "No rule says who may call this, so nobody may: the server's developers have to add one.");

    public static Status RateLimited(string caller, string quota, TimeSpan delay) => Failures.Create(
        StatusCode.ResourceExhausted, GuardReasons.RateLimited, "Too many calls: wait for the time that RetryInfo says, then call again.",
        [Quota(caller, quota), Failures.Retry(delay)]);

    public static Status TooManyStreams(string caller, string quota, TimeSpan delay) => Failures.Create(
        StatusCode.ResourceExhausted, GuardReasons.TooManyStreams, "Too many streams are open: close one, or wait and open this one again.",
        [Quota(caller, quota), Failures.Retry(delay)]);

    private static QuotaFailure Quota(string caller, string quota) =>
        new() { Violations = { new QuotaFailure.Types.Violation { Subject = Violations.Shortened(caller), Description = quota } } };
}
