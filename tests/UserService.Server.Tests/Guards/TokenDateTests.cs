using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>The dates of a token, in every form that a signed one may bring: what is no date is TOKEN_INVALID, and no bug of the server.</summary>
public sealed class TokenDateTests
{
    private static readonly DateTimeOffset Now = new ManualTime().GetUtcNow();

    // {now} is the present second.
    [Theory]
    [InlineData("nbf", "{now}", null)]
    [InlineData("nbf", "{now}.5", null)]
    [InlineData("nbf", "0", null)]
    [InlineData("nbf", "-1", null)]
    [InlineData("nbf", "-99999999999999", null)]
    [InlineData("nbf", "1e3", null)]
    [InlineData("nbf", "null", "TOKEN_INVALID")]
    [InlineData("nbf", "\"{now}\"", null)]
    [InlineData("nbf", "\"soon\"", "TOKEN_INVALID")]
    [InlineData("nbf", "\"\"", "TOKEN_INVALID")]
    [InlineData("nbf", "true", "TOKEN_INVALID")]
    [InlineData("nbf", "{}", "TOKEN_INVALID")]
    [InlineData("nbf", "[1]", "TOKEN_INVALID")]
    [InlineData("nbf", "253402300799", "TOKEN_INVALID")]
    [InlineData("nbf", "253402300800", "TOKEN_INVALID")]
    [InlineData("nbf", "9223372036854775807", "TOKEN_INVALID")]
    [InlineData("nbf", "99999999999999999999999999", "TOKEN_INVALID")]
    [InlineData("nbf", "1e400", "TOKEN_INVALID")]
    [InlineData("exp", "\"soon\"", "TOKEN_INVALID")]
    [InlineData("exp", "true", "TOKEN_INVALID")]
    [InlineData("exp", "{}", "TOKEN_INVALID")]
    [InlineData("exp", "null", "TOKEN_INVALID")]
    [InlineData("exp", "1e400", "TOKEN_INVALID")]
    [InlineData("exp", "0", "TOKEN_EXPIRED")]
    [InlineData("exp", "2147483648", null)]
    [InlineData("exp", "4294967296", null)]
    [InlineData("iat", "\"soon\"", "TOKEN_INVALID")]
    [InlineData("iat", "{}", "TOKEN_INVALID")]
    public async Task A_date_of_any_form_is_judged_without_an_error_in_the_log(string claim, string value, string? reason)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(new ManualTime(), issuer.Settings);
        string json = value.Replace("{now}", $"{Now.ToUnixTimeSeconds()}", StringComparison.Ordinal);
        Metadata token = TokenIssuer.Metadata(issuer.Sign(new(TokenIssuer.Claims(Now, "users.read")) { [claim] = JsonDocument.Parse(json).RootElement }));

        // Both a call and a stream, which asks for the end of the token, too.
        foreach (string method in (string[])["ListUsers", "GetUser"])
        {
            Failure? failure = await AnyMethod.CallAsync(server.Connect(), method, token) == StatusCode.OK
                ? null
                : await AnyMethod.FailAsync(server.Connect(), method, token);

            Assert.Equal(reason ?? (method == "GetUser" ? "INVALID_FIELDS" : null), failure?.Reason);
        }

        Assert.Equal("", string.Join('\n', server.Log.Lines.Where(line => line.Level >= LogLevel.Warning)));
    }

    [Theory]
    [InlineData(30, null)]
    [InlineData(31, "TOKEN_INVALID")]
    public async Task A_token_of_a_clock_that_is_ahead_is_taken_for_30_seconds(int seconds, string? reason)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(new ManualTime(), issuer.Settings);

        Failure failure = await AnyMethod.FailAsync(server.Connect(), "GetUser", issuer.Bearer(Now.AddSeconds(seconds), "users.read"));

        Assert.Equal(reason ?? "INVALID_FIELDS", failure.Reason);
    }

    [Theory]
    [InlineData(-29, "INVALID_FIELDS")]
    [InlineData(-30, "TOKEN_EXPIRED")]
    public async Task A_token_is_taken_for_30_seconds_after_its_end(int seconds, string reason)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(new ManualTime(), issuer.Settings);

        Failure failure = await AnyMethod.FailAsync(server.Connect(), "GetUser", issuer.Bearer(Now.AddHours(-1).AddSeconds(seconds), "users.read"));

        Assert.Equal(reason, failure.Reason);
    }
}
