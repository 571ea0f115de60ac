using Google.Protobuf;
using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Guards;

/// <summary>
/// A request with every fault at once is refused for the first in the contract's order: drain, rate limit, authentication,
/// authorisation, decoding, validation, existence. Each test takes the fault before away.
/// </summary>
public sealed class RefusalOrderTests
{
    // A tag of wire type 7, which does not exist.
    private static readonly byte[] NoMessage = [0x0F];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task First_the_shutdown(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync([.. issuer.Settings, "--RateLimits:CallerCallsPerSecond=1"]);
        server.SignalStop();

        (await AnyMethod.FailAsync(server.Connect(), method, null, NoMessage)).AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
    }

    // Bad tokens count too, so a flood of them is limited.
    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task Then_the_rate_limit(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync([.. issuer.Settings, "--RateLimits:CallerCallsPerSecond=1"]);

        foreach (Metadata? token in (Metadata?[])[null, TokenIssuer.Metadata("nonsense"), issuer.Bearer(DateTimeOffset.UtcNow, "nothing")])
        {
            Failure failure;
            do
            {
                failure = await AnyMethod.FailAsync(server.Connect(), method, token, NoMessage);
            }
            while (failure.Code is StatusCode.Unauthenticated or StatusCode.PermissionDenied);

            failure.AssertIs(StatusCode.ResourceExhausted, "RATE_LIMITED");
        }
    }

    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task Then_the_token(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);

        (await AnyMethod.FailAsync(server.Connect(), method, null, NoMessage)).AssertIs(StatusCode.Unauthenticated, "TOKEN_MISSING");
        (await AnyMethod.FailAsync(server.Connect(), method, TokenIssuer.Metadata("nonsense"), NoMessage))
            .AssertIs(StatusCode.Unauthenticated, "TOKEN_INVALID");
    }

    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task Then_the_permission(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);

        (await AnyMethod.FailAsync(server.Connect(), method, issuer.Bearer(DateTimeOffset.UtcNow, "nothing"), NoMessage))
            .AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING");
    }

    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task Then_the_bytes(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        server.Log.Expected = line => line.Category.StartsWith("Grpc.", StringComparison.Ordinal);

        Failure failure = await AnyMethod.FailAsync(
            server.Connect(), method, issuer.Bearer(DateTimeOffset.UtcNow, "users.read users.write chat"), NoMessage);

        Assert.Contains(failure.Code, (StatusCode[])[StatusCode.Internal, StatusCode.Unknown]);
        Assert.Null(failure.Info);
    }

    [Fact]
    public async Task Then_the_fields_and_last_whether_it_exists()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        Metadata token = issuer.Bearer(DateTimeOffset.UtcNow, "users.write");
        var request = new UpdateUserRequest { Id = "00000000-0000-4000-8000-000000000000", Email = "nonsense", Etag = "stale" };

        Failure fields = await Failure.OfAsync(server.Client.UpdateUserAsync(request, token, cancellationToken: Token));
        Failure existence = await Failure.OfAsync(
            server.Client.UpdateUserAsync(new(request) { Email = "ada@example.com" }, token, cancellationToken: Token));

        fields.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        existence.AssertIs(StatusCode.NotFound, "USER_NOT_FOUND");
    }

    [Fact]
    public void The_bytes_of_these_tests_are_no_message() =>
        Assert.Throws<InvalidProtocolBufferException>(() => GetUserRequest.Parser.ParseFrom(NoMessage));
}
