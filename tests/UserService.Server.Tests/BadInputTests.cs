using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>Bad input on every field of every message: one answer, with each violation by its field's name.</summary>
public sealed class BadInputTests
{
    private const string Id = "01900000-0000-7000-8000-000000000001";
    private const string Long = "a-value-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on";

    private static readonly Dictionary<string, (Func<UserService.UserServiceClient, Task> Call, string Field, string Rule)> Cases = new()
    {
        ["get: no id"] = (Get(""), "id", "is required"),
        ["get: id is a word"] = (Get("ada"), "id", "is not a UUID"),
        ["get: id in braces"] = (Get($"{{{Id}}}"), "id", "is not a UUID"),
        ["get: id without dashes"] = (Get(Id.Replace("-", "")), "id", "is not a UUID"),
        ["get: id with white space"] = (Get($" {Id[1..]}"), "id", "is not a UUID"),
        ["get: id with white space around"] = (Get($" {Id} "), "id", "is not a UUID"),
        ["get: id with 0x inside"] = (Get("0x900000-0000-7000-8000-000000000001"), "id", "is not a UUID"),
        ["get: id with a plus sign"] = (Get("+1900000-0000-7000-8000-000000000001"), "id", "is not a UUID"),
        ["get: long id is cut"] = (Get(Long), "id", $"is not a UUID of the form 8-4-4-4-12: \"{Long[..64]}\"."),
        ["get: control characters are not echoed"] = (Get("a\u001b[31m\n"), "id", "8-4-4-4-12: \"a\uFFFD[31m\uFFFD\"."),
        ["create: no name"] = (Create("", "a@b.c"), "name", "is required"),
        ["create: blank name"] = (Create(" \t\u00A0", "a@b.c"), "name", "is required"),
        ["create: long name"] = (Create(new string('x', 201), "a@b.c"), "name", "is too long"),
        ["create: long name beyond the BMP"] = (Create(string.Concat(Enumerable.Repeat("😀", 201)), "a@b.c"), "name", "is too long"),
        ["create: control character in name"] = (Create("a\u0007b", "a@b.c"), "name", "control characters"),
        ["create: C1 control character in name"] = (Create("a\u0085b", "a@b.c"), "name", "control characters"),
        ["create: NUL in name"] = (Create("a\0b", "a@b.c"), "name", "control characters"),
        ["create: a name of joiners"] = (Create("\u200B\u2060", "a@b.c"), "name", "that can be seen"),
        ["create: a soft hyphen as a name"] = (Create("\u00AD", "a@b.c"), "name", "that can be seen"),
        ["create: a filler as a name"] = (Create("\u3164", "a@b.c"), "name", "that can be seen"),
        ["create: an empty braille pattern as a name"] = (Create("\u2800", "a@b.c"), "name", "that can be seen"),
        ["create: a combining mark as a name"] = (Create("\u0301", "a@b.c"), "name", "that can be seen"),
        ["create: an override in a name"] = (Create("a\u202Eb", "a@b.c"), "name", "reorder or break the line"),
        ["create: an isolate in a name"] = (Create("a\u2066b", "a@b.c"), "name", "reorder or break the line"),
        ["create: a line separator in a name"] = (Create("a\u2028b", "a@b.c"), "name", "reorder or break the line"),
        ["create: no email"] = (Create("Ada", ""), "email", "is required"),
        ["create: long email"] = (Create("Ada", new string('x', 249) + "@b.com"), "email", "is too long"),
        ["create: email is a word"] = (Create("Ada", "ada"), "email", "is not an email address"),
        ["create: malformed request_id"] = (Create("Ada", "a@b.c", "1"), "request_id", "is not a UUID"),
        ["update: no id"] = (Update(new() { Name = "Ada" }), "id", "is required"),
        ["update: malformed id"] = (Update(new() { Id = "1", Name = "Ada" }), "id", "is not a UUID"),
        ["update: nothing set"] = (Update(new() { Id = Id }), "update_mask", "names no field"),
        ["update: empty mask and nothing set"] = (Update(new() { Id = Id, UpdateMask = new() }), "update_mask", "names no field"),
        ["update: mask names an empty name"] = (Update(new() { Id = Id, UpdateMask = new() { Paths = { "name" } } }), "name", "is required"),
        ["update: mask names an empty email"] = (Update(new() { Id = Id, UpdateMask = new() { Paths = { "email" } } }), "email", "is required"),
        ["update: mask names the id"] = (Update(new() { Id = Id, UpdateMask = new() { Paths = { "id" } } }), "update_mask", "cannot be changed: \"id\""),
        ["update: mask in another case"] = (Update(new() { Id = Id, Name = "Ada", UpdateMask = new() { Paths = { "Name" } } }), "update_mask", "cannot be changed"),
        ["update: long name"] = (Update(new() { Id = Id, Name = new string('x', 201) }), "name", "is too long"),
        ["update: bad email"] = (Update(new() { Id = Id, Email = "@" }), "email", "is not an email address"),
        ["update: an override in a name"] = (Update(new() { Id = Id, Name = "a\u202Ab" }), "name", "reorder or break the line"),
        ["update: a mask of many paths"] = (
            Update(new() { Id = Id, UpdateMask = new() { Paths = { Enumerable.Repeat("x", 21_000) } } }), "update_mask", "has 21000 paths: give at most 100."),
        ["delete: no id"] = (Delete(""), "id", "is required"),
        ["delete: malformed id"] = (Delete("x"), "id", "is not a UUID"),
        ["list: negative page_size"] = (List(new() { PageSize = int.MinValue }), "page_size", "must not be negative"),
        ["list: malformed after_id"] = (List(new() { AfterId = "first" }), "after_id", "is not a UUID"),
        ["chat: no user_id"] = (Join(new() { Message = "hi" }), "user_id", "is required"),
        ["chat: malformed user_id"] = (Join(new() { UserId = "ada" }), "user_id", "is not a UUID"),
        ["chat: long room"] = (Join(new() { UserId = Id, Room = new string('r', 101) }), "room", "is too long"),
        ["chat: control character in room"] = (Join(new() { UserId = Id, Room = "a\nb" }), "room", "control characters"),
        ["chat: speaking in a room whose name is not seen"] = (Join(new() { UserId = Id, Room = "\u200B", Message = "hi" }), "room", "that can be seen"),
        ["chat: speaking in a room whose name reorders"] = (Join(new() { UserId = Id, Room = "a\u202Eb", Message = "hi" }), "room", "reorder or break the line"),
        ["chat: speaking later in a room whose name reorders"] = (Speak(new() { Message = "hi" }, "a\u2067b"), "room", "reorder or break the line"),
        ["chat: U+0000 in a message"] = (Join(new() { UserId = Id, Message = "a\0b" }), "message", "U+0000"),
        ["chat: U+0000 in a second message"] = (Speak(new() { Message = "a\0b" }), "message", "U+0000"),
        ["chat: negative after_sequence"] = (Join(new() { UserId = Id, AfterSequence = -1 }), "after_sequence", "must not be negative"),
        ["chat: long message"] = (Join(new() { UserId = Id, Message = new string('m', 4001) }), "message", "is too long"),
        ["chat: empty second message"] = (Speak(new() { }), "message", "must not be empty"),
        ["chat: long second message"] = (Speak(new() { Message = new string('m', 4001) }), "message", "is too long"),
        ["chat: after_sequence in a second message"] = (Speak(new() { Message = "hi", AfterSequence = 0 }), "after_sequence", "first message only"),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_input_is_named_by_its_field(string name)
    {
        await using RunningServer server = await RunningServer.StartAsync("--environment=Development");
        (Func<UserService.UserServiceClient, Task> call, string field, string rule) = Cases[name];

        Failure failure = await Failure.OfAsync(() => call(server.Client));

        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        (string violated, string description) = Assert.Single(failure.Violations);
        Assert.Equal(field, violated);
        Assert.Contains(rule, description, StringComparison.Ordinal);
        Assert.Equal($"{field} {description}", failure.Text);
    }

    [Fact]
    public async Task All_violations_come_in_one_answer()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Failure failure = await Failure.OfAsync(server.Client.CreateUserAsync(new() { Email = "?", RequestId = "?" }, cancellationToken: Token));

        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        Assert.Equal(["name", "email", "request_id"], failure.Violations.Select(violation => violation.Field));
        Assert.EndsWith("(and 2 more)", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_most_20_violations_are_told()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var request = new UpdateUserRequest { Id = Id, UpdateMask = new() };
        request.UpdateMask.Paths.AddRange(Enumerable.Range(0, 25).Select(i => $"path_{i}"));

        Failure failure = await Failure.OfAsync(server.Client.UpdateUserAsync(request, cancellationToken: Token));

        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        Assert.Equal(20, failure.Violations.Count);
    }

    [Fact]
    public async Task A_status_stays_under_4_KB_however_large_the_values_are()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var request = new UpdateUserRequest { Id = Id, UpdateMask = new() };
        request.UpdateMask.Paths.AddRange(Enumerable.Repeat(string.Concat(Enumerable.Repeat("😀", 200)), 20));

        Failure failure = await Failure.OfAsync(server.Client.UpdateUserAsync(request, cancellationToken: Token));

        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        Assert.InRange(failure.Violations.Count, 5, 19);
    }

    private static Func<UserService.UserServiceClient, Task> Get(string id) =>
        client => client.GetUserAsync(new() { Id = id }).ResponseAsync;

    private static Func<UserService.UserServiceClient, Task> Create(string name, string email, string requestId = "") =>
        client => client.CreateUserAsync(new() { Name = name, Email = email, RequestId = requestId }).ResponseAsync;

    private static Func<UserService.UserServiceClient, Task> Update(UpdateUserRequest request) =>
        client => client.UpdateUserAsync(request).ResponseAsync;

    private static Func<UserService.UserServiceClient, Task> Delete(string id) =>
        client => client.DeleteUserAsync(new() { Id = id }).ResponseAsync;

    private static Func<UserService.UserServiceClient, Task> List(ListUsersRequest request) =>
        client => client.ListUsers(request).ResponseStream.MoveNext(Token);

    private static Func<UserService.UserServiceClient, Task> Join(ChatMessage message) => async client =>
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = client.ChatUsers();
        await chat.RequestStream.WriteAsync(message, Token);
        await chat.ResponseStream.MoveNext(Token);
    };

    private static Func<UserService.UserServiceClient, Task> Speak(ChatMessage message, string room = "") => async client =>
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = client.ChatUsers();
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = Id, Room = room }, Token);
        await chat.RequestStream.WriteAsync(message, Token);
        await chat.ResponseStream.MoveNext(Token);
    };
}
