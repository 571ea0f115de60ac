using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>The table of docs/errors.md, row by row: how each failure is provoked, and what it answers.</summary>
public sealed class ErrorTableTests
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["malformed id"] = new(StatusCode.InvalidArgument, "INVALID_FIELDS", Violation("id"), async server =>
            await server.Client.GetUserAsync(new GetUserRequest { Id = "42" })),
        ["missing fields"] = new(StatusCode.InvalidArgument, "INVALID_FIELDS", Violation("name", "email"), async server =>
            await server.Client.CreateUserAsync(new CreateUserRequest())),
        ["negative page_size"] = new(StatusCode.InvalidArgument, "INVALID_FIELDS", Violation("page_size"), async server =>
            await server.Client.ListUsers(new ListUsersRequest { PageSize = -1 }).ResponseStream.MoveNext(default)),
        ["unknown mask path"] = new(StatusCode.InvalidArgument, "INVALID_FIELDS", Violation("update_mask"), async server =>
            await server.Client.UpdateUserAsync(new UpdateUserRequest { Id = Nobody, Name = "X", UpdateMask = new() { Paths = { "age" } } })),
        ["no field to update"] = new(StatusCode.InvalidArgument, "INVALID_FIELDS", Violation("update_mask"), async server =>
            await server.Client.UpdateUserAsync(new UpdateUserRequest { Id = Nobody })),
        ["after_sequence beyond the room's end"] = new(StatusCode.OutOfRange, "SEQUENCE_AHEAD", Nothing, async server =>
            await ChatAsync(server, new ChatMessage { UserId = (await server.AddUserAsync()).Id, AfterSequence = 1 })),
        ["request_id used before for something else"] = new(StatusCode.InvalidArgument, "REQUEST_ID_REUSED", Nothing, async server =>
        {
            var request = new CreateUserRequest { Name = "Ada", Email = "ada@example.com", RequestId = Nobody };
            await server.Client.CreateUserAsync(request);
            await server.Client.CreateUserAsync(new CreateUserRequest(request) { Name = "Eve" });
        }),
        ["request_id of a message used before for another text"] = new(StatusCode.InvalidArgument, "REQUEST_ID_REUSED", Nothing, async server =>
        {
            var message = new ChatMessage { UserId = (await server.AddUserAsync()).Id, Message = "one", RequestId = Nobody };
            await ChatAsync(server, message);
            await ChatAsync(server, new ChatMessage(message) { Message = "two" });
        }),
        ["get of no such user"] = new(StatusCode.NotFound, "USER_NOT_FOUND", Resource(Nobody), async server =>
            await server.Client.GetUserAsync(new GetUserRequest { Id = Nobody })),
        ["update of no such user"] = new(StatusCode.NotFound, "USER_NOT_FOUND", Resource(Nobody), async server =>
            await server.Client.UpdateUserAsync(new UpdateUserRequest { Id = Nobody, Name = "X" })),
        ["delete of no such user"] = new(StatusCode.NotFound, "USER_NOT_FOUND", Resource(Nobody), async server =>
            await server.Client.DeleteUserAsync(new DeleteUserRequest { Id = Nobody })),
        ["second delete"] = new(StatusCode.NotFound, "USER_NOT_FOUND", failure => failure.Detail<ResourceInfo>(), async server =>
        {
            User user = await server.AddUserAsync();
            await server.Client.DeleteUserAsync(new DeleteUserRequest { Id = user.Id, Etag = user.Etag });
            await server.Client.DeleteUserAsync(new DeleteUserRequest { Id = user.Id, Etag = user.Etag });
        }),
        ["chat as nobody"] = new(StatusCode.NotFound, "USER_NOT_FOUND", Resource(Nobody), async server =>
            await ChatAsync(server, new ChatMessage { UserId = Nobody })),
        ["email already in use"] = new(StatusCode.AlreadyExists, "EMAIL_TAKEN", Resource("ADA@example.com"), async server =>
        {
            await server.Client.CreateUserAsync(new CreateUserRequest { Name = "Ada", Email = "ada@example.com" });
            await server.Client.CreateUserAsync(new CreateUserRequest { Name = "Eve", Email = "ADA@example.com" });
        }),
        ["update to an email in use"] = new(StatusCode.AlreadyExists, "EMAIL_TAKEN", failure => failure.Detail<ResourceInfo>(), async server =>
        {
            User ada = await server.AddUserAsync();
            User eve = await server.AddUserAsync("Eve");
            await server.Client.UpdateUserAsync(new UpdateUserRequest { Id = eve.Id, Email = ada.Email });
        }),
        ["update with a stale etag"] = new(StatusCode.Aborted, "ETAG_MISMATCH", Nothing, async server =>
        {
            User user = await server.AddUserAsync();
            await server.Client.UpdateUserAsync(new UpdateUserRequest { Id = user.Id, Name = "Countess", Etag = user.Etag });
            await server.Client.UpdateUserAsync(new UpdateUserRequest { Id = user.Id, Name = "Duchess", Etag = user.Etag });
        }),
        ["delete with a stale etag"] = new(StatusCode.Aborted, "ETAG_MISMATCH", Nothing, async server =>
            await server.Client.DeleteUserAsync(new DeleteUserRequest { Id = (await server.AddUserAsync()).Id, Etag = "stale" })),
        ["a chat message changes the room"] = new(StatusCode.FailedPrecondition, "ALREADY_JOINED", Nothing, async server =>
            await ChatAsync(server, new ChatMessage { UserId = (await server.AddUserAsync()).Id }, new ChatMessage { Room = "other", Message = "hi" })),
        ["a chat message changes the user"] = new(StatusCode.FailedPrecondition, "ALREADY_JOINED", Nothing, async server =>
            await ChatAsync(server, new ChatMessage { UserId = (await server.AddUserAsync()).Id }, new ChatMessage { UserId = Nobody, Message = "hi" })),
        ["speaking after one's deletion"] = new(StatusCode.NotFound, "USER_NOT_FOUND", failure => failure.Detail<ResourceInfo>(), async server =>
        {
            User user = await server.AddUserAsync();
            using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers();
            await chat.RequestStream.WriteAsync(new ChatMessage { UserId = user.Id, Message = "hello" });
            Assert.True(await chat.ResponseStream.MoveNext());
            await server.Client.DeleteUserAsync(new DeleteUserRequest { Id = user.Id });
            try
            {
                await chat.RequestStream.WriteAsync(new ChatMessage { Message = "still here" });
            }
            catch (RpcException)
            {
                // The deletion has ended the call already; why, its response says.
            }

            // It says no more, so that the failure must not wait for the next message.
            await chat.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromSeconds(30));
        }),
        ["disk full"] = new(StatusCode.ResourceExhausted, "STORE_FULL", Nothing, async server =>
        {
            while (true)
            {
                using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers();
                for (int i = 0; i < 1_000; i++)
                {
                    await import.RequestStream.WriteAsync(new CreateUserRequest { Name = new string('x', 200), Email = $"{Guid.NewGuid():n}@example.com" });
                }

                await import.RequestStream.CompleteAsync();
                await import;
            }
        })
        { Settings = ["--Limits:MaxStoreMegabytes=1"], LoggedAsOurs = true },
        ["database busy past its timeout"] = new(StatusCode.Unavailable, "STORE_BUSY", Retry, async server =>
        {
            using var held = new HeldDatabase(server);
            await server.AddUserAsync();
        })
        { Settings = ["--Limits:StoreBusy=00:00:01"], LoggedAsOurs = true },
        ["a bug"] = new(StatusCode.Internal, "INTERNAL", failure => Assert.Matches("^[0-9a-f]{32}$", failure.Detail<RequestInfo>().RequestId), async server =>
        {
            await server.Store.DisposeAsync();
            await server.Client.GetUserAsync(new GetUserRequest { Id = Nobody });
        })
        { LoggedAsOurs = true },
    };

    public static TheoryData<string> Situations => [.. Rows.Keys];

    internal static IEnumerable<Row> AllRows => Rows.Values;

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_failure_answers_its_row_of_the_table(string situation)
    {
        Row row = Rows[situation];
        await using RunningServer server = await RunningServer.StartAsync(row.Settings);

        server.Log.Expected = line => row.LoggedAsOurs && (line.Category == "Users.Data.UserStore" || HealthTests.IsUnhealthy(line));
        Failure failure = await Failure.OfAsync(() => row.Provoke(server));

        failure.AssertIs(row.Code, row.Reason);
        row.CheckDetail(failure);
        LogLine line = await server.Log.WaitForAsync(line => line.Text.Contains($" ended {row.Code} ", StringComparison.Ordinal));
        Assert.Equal(row.LoggedAsOurs ? LogLevel.Error : LogLevel.Information, line.Level);
        // Of a full or busy store the status says all: a stack for each write would bury the rest of the log.
        Assert.Equal(row.Reason == "INTERNAL", line.Exception is not null);
    }

    private static async Task ChatAsync(RunningServer server, params ChatMessage[] messages)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers();
        foreach (ChatMessage message in messages)
        {
            await chat.RequestStream.WriteAsync(message);
        }

        await chat.ResponseStream.MoveNext();
    }

    private static Action<Failure> Violation(params string[] fields) =>
        failure => Assert.Equal(fields, failure.Violations.Select(violation => violation.Field));

    private static Action<Failure> Resource(string name) => failure =>
    {
        ResourceInfo resource = failure.Detail<ResourceInfo>();
        Assert.Equal(("users.v1.User", name), (resource.ResourceType, resource.ResourceName));
    };

    private static void Retry(Failure failure)
    {
        TimeSpan delay = failure.Detail<RetryInfo>().RetryDelay.ToTimeSpan();
        Assert.True(delay > TimeSpan.Zero);
        Assert.Equal(delay.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), failure.Trailers.GetValue("grpc-retry-pushback-ms"));
    }

    private static void Nothing(Failure failure) => Assert.Single(failure.Details!.Details);

    internal sealed record Row(StatusCode Code, string Reason, Action<Failure> CheckDetail, Func<RunningServer, Task> Provoke)
    {
        public string[] Settings { get; init; } = [];

        public bool LoggedAsOurs { get; init; }
    }
}
