using Google.Rpc;
using Grpc.Core;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>
/// Every call that docs/calls.md shows, in its order. None depends on another: each takes the server as a new database in Development
/// leaves it.
/// </summary>
internal static class DocumentedCalls
{
    private const string Service = "users.v1.UserService";
    private const string Rooms = "users.v1.RoomService";
    private const string Ada = "01900000-0000-7000-8000-000000000001";
    private const string Alan = "01900000-0000-7000-8000-000000000002";
    private const string Grace = "01900000-0000-7000-8000-000000000003";
    private const string Barbara = "01900000-0000-7000-8000-000000000005";
    private const string Nobody = "01900000-0000-7000-8000-000000000099";

    /// <summary>The README's first call.</summary>
    public static DocumentedCall First { get; } = new(
        $"{Service}/GetUser",
        $$"""{"id": "{{Ada}}"}""",
        $$"""{"id": "{{Ada}}", "name": "Ada Lovelace", "email": "ada@example.com"}""");

    /// <summary>The README's chat.</summary>
    public static DocumentedCall Chat { get; } = new($"{Service}/ChatUsers", "@");

    public static IReadOnlyList<DocumentedCall> All { get; } =
    [
        new(
            "list",
            "",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection",
            Rooms,
            Service),
        new($"list {Service}", "", "ChatUsers", "CreateUser", "CreateUsers", "DeleteUser", "GetUser", "ListUsers", "UpdateUser"),
        new("grpc.health.v1.Health/Check", "", """{"status": "SERVING"}"""),
        First,
        new(
            $"{Service}/CreateUser",
            """{"name": "Katherine Johnson", "email": "katherine@example.com", "request_id": "9f0c6c0e-2a3b-4c1d-8e5f-6a7b8c9d0e1f"}""",
            """{"name": "Katherine Johnson", "email": "katherine@example.com"}"""),
        new(
            $"{Service}/UpdateUser",
            $$"""{"id": "{{Alan}}", "name": "Alan M. Turing"}""",
            $$"""{"id": "{{Alan}}", "name": "Alan M. Turing", "email": "alan@example.com"}"""),
        new($"{Service}/DeleteUser", $$"""{"id": "{{Barbara}}"}""", "{}") { Again = [], StatusAgain = StatusCode.NotFound },
        new(
            $"{Service}/ListUsers",
            $$"""{"page_size": 2, "after_id": "{{Alan}}"}""",
            """{"name": "Grace Hopper"}""",
            """{"name": "Edsger Dijkstra"}"""),
        new(
            $"{Service}/CreateUsers",
            """{"name": "Radia Perlman", "email": "radia@example.com", "request_id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"} {"email": "no-name@example.com"}""",
            """
            {"userCount": 1, "failedCount": 1, "failures": {"1": {
              "code": 3, "details": [{"reason": "INVALID_FIELDS"}, {"fieldViolations": [{"field": "name"}]}]}}}
            """)
        {
            Again = ["""{"existingCount": 1, "failedCount": 1}"""],
        },
        new(
            $"{Service}/ChatUsers",
            $$"""{"user_id": "{{Ada}}", "room": "readme"} {"message": "Hello"} {"message": "Bye"}""",
            $$"""{"userId": "{{Ada}}", "room": "readme", "sequence": "1", "message": "Hello"}""",
            $$"""{"userId": "{{Ada}}", "room": "readme", "sequence": "2", "message": "Bye"}""")
        {
            Again = ["""{"sequence": "3"}""", """{"sequence": "4"}"""],
        },
        new(
            $"{Rooms}/PostMessage",
            $$"""{"room": "lobby", "user_id": "{{Grace}}", "message": "Hello", "request_id": "3f333df6-90a4-4fda-8dd3-9485d27cee36"}""",
            $$"""{"userId": "{{Grace}}", "room": "lobby", "sequence": "1", "message": "Hello"}"""),
        new($"{Rooms}/WatchRoom", """{"room": "lobby", "after_sequence": 0}""") { IsEndless = true },
        new($"{Service}/CreateUser", """{"email": "ada"}""")
        {
            Status = StatusCode.InvalidArgument,
            Details =
            [
                new ErrorInfo { Reason = "INVALID_FIELDS", Domain = "users.v1" },
                new BadRequest
                {
                    FieldViolations =
                    {
                        Violation("name", "is required: give 1 to 200 characters."),
                        Violation("email", "is not an email address: \"ada\". Give one such as ada@example.com, without spaces."),
                    },
                },
            ],
        },
        new($"{Service}/GetUser", $$"""{"id": "{{Nobody}}"}""")
        {
            Status = StatusCode.NotFound,
            Details =
            [
                new ErrorInfo { Reason = "USER_NOT_FOUND", Domain = "users.v1", Metadata = { ["id"] = Nobody } },
                new ResourceInfo { ResourceType = "users.v1.User", ResourceName = Nobody, Description = "No such user." },
            ],
        },
    ];

    /// <summary>The calls that docs/security.md shows to a server outside of Development.</summary>
    public static IReadOnlyList<DocumentedCall> Secure { get; } =
    [
        new("list", "", "grpc.health.v1.Health", Rooms, Service) { IsSecure = true },
        new("grpc.health.v1.Health/Check", "", """{"status": "SERVING"}""") { IsSecure = true },
        new($"{Service}/ListUsers", """{"page_size": 1}""", """{"name": "Ada"}""") { IsSecure = true },
    ];

    private static BadRequest.Types.FieldViolation Violation(string field, string description) =>
        new() { Field = field, Description = description };
}
