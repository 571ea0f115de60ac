using Grpc.Core;
using Users.Client.Tour.Failures;
using Users.Client.Tour.Streaming;
using Users.Client.Tour.Unary;

namespace Users.Client.Tour;

/// <summary>The tour's table of contents: each step is one file.</summary>
internal static class TourSteps
{
    public static readonly IReadOnlyList<Step> All =
    [
        new("Unary: create", "One request, one answer; the request_id makes it safe to send again.",
            "CreateUser", new(StatusCode.OK), CreateUserStep.RunAsync),
        new("Unary: read", "Each call has a deadline; without one a lost server would hold its caller for ever.",
            "GetUser", new(StatusCode.OK), GetUserStep.RunAsync),
        new("Unary: change", "The mask says which fields change, the etag on which state the change is based.",
            "UpdateUser", new(StatusCode.OK), UpdateUserStep.RunAsync),
        new("Unary: delete", "Only the state that the caller has seen is deleted.",
            "DeleteUser", new(StatusCode.OK), DeleteUserStep.RunAsync),
        new("Server streaming: list", "One request, many answers; the last id received is where to go on after a break.",
            "ListUsers", new(StatusCode.OK), ListUsersStep.RunAsync),
        new("Client streaming: import", "Many requests, one answer; flow control sets the pace.",
            "CreateUsers", new(StatusCode.OK), CreateUsersStep.RunAsync),
        new("Bidirectional streaming: chat", "Both sides send when they like; each side reads in a loop of its own.",
            "ChatUsers", new(StatusCode.OK), ChatUsersStep.RunAsync),
        new("Failure: invalid fields", "All that is wrong comes at once, field by field.",
            "CreateUser", new(StatusCode.InvalidArgument, "INVALID_FIELDS"), InvalidFieldsStep.RunAsync),
        new("Failure: no such user", "Branch on the reason, never on the text.",
            "GetUser", new(StatusCode.NotFound, "USER_NOT_FOUND"), UserNotFoundStep.RunAsync),
        new("Failure: email in use", "An email belongs to one user, in whatever case it is written.",
            "CreateUser", new(StatusCode.AlreadyExists, "EMAIL_TAKEN"), EmailTakenStep.RunAsync),
        new("Failure: somebody else was faster", "ABORTED means: read again, then write.",
            "UpdateUser", new(StatusCode.Aborted, "ETAG_MISMATCH"), StaleEtagStep.RunAsync),
        new("Failure: deadline", "A call that has waited long enough ends by itself, on both sides.",
            "ChatUsers", new(StatusCode.DeadlineExceeded), DeadlineStep.RunAsync),
        new("Failure: cancelled", "A client that has enough cancels, and the server stops the work.",
            "ListUsers", new(StatusCode.Cancelled), CancelledStep.RunAsync),
    ];
}
