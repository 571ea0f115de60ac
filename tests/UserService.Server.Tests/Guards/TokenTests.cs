using System.Security.Cryptography;
using Grpc.Core;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>Which tokens a server takes.</summary>
public sealed class TokenTests
{
    private static readonly Dictionary<string, Func<TokenIssuer, DateTimeOffset, string>> Bad = new()
    {
        ["no token at all"] = (_, _) => "nonsense",
        ["without a signature"] = (_, now) =>
            $"{TokenIssuer.Encode(new { alg = "none" })}.{TokenIssuer.Encode(TokenIssuer.Claims(now, "users.read"))}.",
        ["of another key"] = (_, now) =>
        {
            using var other = new TokenIssuer();
            return other.Sign(TokenIssuer.Claims(now, "users.read"));
        },
        ["changed after it was signed"] = (issuer, now) =>
        {
            string[] parts = issuer.Sign(TokenIssuer.Claims(now, "chat")).Split('.');
            return $"{parts[0]}.{TokenIssuer.Encode(TokenIssuer.Claims(now, "users.read"))}.{parts[2]}";
        },
        ["of another issuer"] = (issuer, now) => issuer.Sign(new(TokenIssuer.Claims(now, "users.read")) { ["iss"] = "https://other.example" }),
        ["for another audience"] = (issuer, now) => issuer.Sign(new(TokenIssuer.Claims(now, "users.read")) { ["aud"] = "orders" }),
        ["of tomorrow"] = (issuer, now) => issuer.Sign(new(TokenIssuer.Claims(now.AddDays(1), "users.read"))),
        ["without an end"] = (issuer, now) =>
        {
            Dictionary<string, object> claims = TokenIssuer.Claims(now, "users.read");
            claims.Remove("exp");
            return issuer.Sign(claims);
        },
    };

    public static TheoryData<string> BadTokens => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(AnyMethod.Names), MemberType = typeof(AnyMethod))]
    public async Task Every_method_asks_for_a_token(string method)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);

        Failure failure = await AnyMethod.FailAsync(server.Connect(), method);

        failure.AssertIs(StatusCode.Unauthenticated, "TOKEN_MISSING");
    }

    [Theory]
    [InlineData("grpc.health.v1.Health/Check", StatusCode.OK)]
    [InlineData("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", StatusCode.Unauthenticated)]
    [InlineData("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", StatusCode.Unauthenticated)]
    [InlineData("users.v1.UserService/NoSuchMethod", StatusCode.Unauthenticated)]
    [InlineData("users.v2.Other/NoSuchService", StatusCode.Unauthenticated)]
    public async Task Of_all_else_only_health_is_open(string method, StatusCode status)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);

        Assert.Equal(status, await AnyMethod.CallAsync(server.Connect(), method));
    }

    [Fact]
    public async Task In_Development_reflection_is_open_too()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(["--environment=Development", .. issuer.Settings]);

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"));
        Assert.Equal(StatusCode.Unauthenticated, await AnyMethod.CallAsync(server.Connect(), "GetUser"));
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_refused(string token)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        string bearer = Bad[token](issuer, DateTimeOffset.UtcNow);

        Failure failure = await AnyMethod.FailAsync(server.Connect(), "ListUsers", TokenIssuer.Metadata(bearer));

        failure.AssertIs(StatusCode.Unauthenticated, "TOKEN_INVALID");
        Assert.DoesNotContain(server.Log.Lines, line => $"{line.Text}{line.Exception}".Contains(bearer, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("EC")]
    public async Task Tokens_of_RSA_and_EC_keys_are_taken(string kind)
    {
        using var issuer = new TokenIssuer(kind == "RSA" ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        Metadata token = issuer.Bearer(DateTimeOffset.UtcNow, "users.read");

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", token));
    }

    [Fact]
    public async Task Tokens_of_the_shared_secrets_that_a_developer_has_are_taken()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        await using RunningServer server = await RunningServer.StartAsync(
            "--Security:RequireTokens=true",
            $"--Authentication:Schemes:Bearer:ValidIssuer={TokenIssuer.Issuer}",
            $"--Authentication:Schemes:Bearer:ValidAudiences:0={TokenIssuer.Audience}",
            $"--Authentication:Schemes:Bearer:SigningKeys:0:Value={Convert.ToBase64String(secret)}");
        string content = $"{TokenIssuer.Encode(new { alg = "HS256" })}.{TokenIssuer.Encode(TokenIssuer.Claims(DateTimeOffset.UtcNow, "users.read"))}";
        byte[] signature = HMACSHA256.HashData(secret, System.Text.Encoding.ASCII.GetBytes(content));
        string token = $"{content}.{Convert.ToBase64String(signature).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", TokenIssuer.Metadata(token)));
    }
}
