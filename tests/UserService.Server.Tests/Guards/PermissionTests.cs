using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Users.Server.Guards;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Guards;

/// <summary>What a token must grant.</summary>
public sealed class PermissionTests
{
    private const string Everything = "users.read users.write chat";

    // Written here once more: a slip in the product's table is found by comparing.
    private static readonly Dictionary<string, string> Table = new()
    {
        ["GetUser"] = "users.read",
        ["ListUsers"] = "users.read",
        ["CreateUser"] = "users.write",
        ["UpdateUser"] = "users.write",
        ["DeleteUser"] = "users.write",
        ["CreateUsers"] = "users.write",
        ["ChatUsers"] = "chat",
        ["users.v1.RoomService/WatchRoom"] = "chat",
        ["users.v1.RoomService/PostMessage"] = "chat",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public void Every_method_of_the_contract_has_a_rule(string method) => Assert.Equal(
        Table[method], Permissions.Of(method.Contains('/', StringComparison.Ordinal) ? $"/{method}" : $"/users.v1.UserService/{method}"));

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Every_endpoint_that_the_server_has_has_one_rule(string environment)
    {
        await using RunningServer server = await RunningServer.StartAsync($"--environment={environment}");

        Assert.True(server.Routes.Count > Table.Count);
        Assert.All(server.Routes, route => Assert.True(
            route.Metadata.GetMetadata<IAuthorizeData>() is not null ^ route.Metadata.GetMetadata<IAllowAnonymous>() is not null, route.DisplayName));
    }

    // The message is empty, and so invalid: a refusal comes before anybody looks at it.
    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task A_token_that_grants_all_but_what_a_method_needs_is_refused(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        string others = Everything.Replace(Table[method], $"{Table[method]}s more", StringComparison.Ordinal);

        Failure failure = await AnyMethod.FailAsync(server.Connect(), method, issuer.Bearer(DateTimeOffset.UtcNow, others));

        failure.AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING");
        Assert.Equal(Table[method], failure.Info!.Metadata["permission"]);
    }

    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task A_token_that_grants_only_what_a_method_needs_is_enough(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);

        // The watch of an empty room from its first message on, which would not end by itself.
        byte[] message = method.EndsWith("/WatchRoom", StringComparison.Ordinal) ? new WatchRoomRequest { AfterSequence = 1 }.ToByteArray() : [];

        StatusCode status = await AnyMethod.CallAsync(
            server.Connect(), method, issuer.Bearer(DateTimeOffset.UtcNow, Table[method], "00000000-0000-4000-8000-000000000000"), message);

        // An empty message asks the unary calls for nobody, lists everybody, imports one bad user, and speaks as nobody.
        Assert.Equal(
            method switch
            {
                "ListUsers" or "CreateUsers" => StatusCode.OK,
                "ChatUsers" or "users.v1.RoomService/PostMessage" => StatusCode.PermissionDenied,
                "users.v1.RoomService/WatchRoom" => StatusCode.OutOfRange,
                _ => StatusCode.InvalidArgument,
            },
            status);
    }

    [Fact]
    public async Task Reflection_needs_the_permission_to_read()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        const string Reflection = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

        Assert.Equal(
            StatusCode.PermissionDenied, await AnyMethod.CallAsync(server.Connect(), Reflection, issuer.Bearer(DateTimeOffset.UtcNow, "chat")));
        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), Reflection, issuer.Bearer(DateTimeOffset.UtcNow, "users.read")));
    }

    [Theory]
    [InlineData("scp", "users.read chat")]
    [InlineData("scope", new[] { "chat", "users.read" })]
    public async Task Permissions_are_read_from_either_claim_and_from_a_list(string claim, object value)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        Dictionary<string, object> claims = TokenIssuer.Claims(DateTimeOffset.UtcNow, "nothing");
        claims[claim] = value;

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", TokenIssuer.Metadata(issuer.Sign(claims))));
    }

    // The other user exists or not, the message is valid or not: who may not speak learns nothing of that.
    [Theory]
    [InlineData("00000000-0000-4000-8000-000000000000")]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData(null)]
    public async Task In_a_chat_only_the_caller_may_speak(string? userId)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        User ada = await AddUserAsync(server, issuer.Bearer(now, Everything), "ada@example.com");
        User eve = await AddUserAsync(server, issuer.Bearer(now, Everything), "eve@example.com");

        Failure failure = await Failure.OfAsync(() => SpeakAsync(server, issuer.Bearer(now, Everything, ada.Id), userId ?? eve.Id));

        Assert.Equal(ada.Id, failure.AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING").Info!.Metadata["subject"]);
        Assert.Equal("hello", await SpeakAsync(server, issuer.Bearer(now, Everything, ada.Id), ada.Id.ToUpperInvariant()));
    }

    [Fact]
    public async Task A_token_that_names_nobody_speaks_as_nobody()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        User eve = await AddUserAsync(server, issuer.Bearer(now, Everything), "eve@example.com");
        Dictionary<string, object> claims = TokenIssuer.Claims(now, "chat");
        claims.Remove("sub");

        Failure failure = await Failure.OfAsync(() => SpeakAsync(server, TokenIssuer.Metadata(issuer.Sign(claims)), eve.Id));

        failure.AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING");
    }

    private static async Task<User> AddUserAsync(RunningServer server, Metadata token, string email) =>
        await server.Client.CreateUserAsync(new() { Name = "Ada", Email = email }, token, cancellationToken: Token);

    private static async Task<string> SpeakAsync(RunningServer server, Metadata token, string userId)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(token, cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = userId, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        return chat.ResponseStream.Current.Message;
    }
}
