using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>Tokens and keys are in no line of the log, however much is logged.</summary>
public sealed class SecretLogTests
{
    [Fact]
    public async Task No_line_holds_a_token_or_a_key()
    {
        using var issuer = new TokenIssuer();
        using var other = new TokenIssuer();
        string secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string[] tokens =
        [
            issuer.Sign(TokenIssuer.Claims(now, "users.read")),
            issuer.Sign(TokenIssuer.Claims(now, "nothing")),
            issuer.Sign(TokenIssuer.Claims(now.AddDays(-1), "users.read")),
            issuer.Sign(new(TokenIssuer.Claims(now, "users.read")) { ["aud"] = "orders" }),
            other.Sign(TokenIssuer.Claims(now, "users.read")),
            "bm9uc2Vuc2U.bm9uc2Vuc2Vub25zZW5zZQ.c2lnbmF0dXJlc2lnbmF0dXJl",
            "notoken-but-a-secret-all-the-same",
        ];
        await using RunningServer server = await RunningServer.StartAsync(
            ["--Capture=Trace", $"--Authentication:Schemes:Bearer:SigningKeys:0:Value={secret}", .. issuer.Settings]);

        foreach (string token in tokens)
        {
            await AnyMethod.CallAsync(server.Connect(), "ListUsers", TokenIssuer.Metadata(token));
            await AnyMethod.CallAsync(server.Connect(), "GetUser", TokenIssuer.Metadata(token));
            await AnyMethod.CallAsync(server.Connect(), "GetUser", new Metadata { { "authorization", $"Basic {token}" } });
        }

        string[] secrets = [secret, .. tokens, .. tokens.Select(token => token.Split('.')).Where(parts => parts.Length == 3).SelectMany(parts => parts[1..])];
        string[] lines = [.. server.Log.Lines.Select(line => $"{line.Category}: {line.Text} {line.Exception}")];
        Assert.Contains(server.Log.Lines, line => line.Level == LogLevel.Trace);
        Assert.Contains(server.Log.Lines, line => line.Category.Contains("JwtBearer", StringComparison.Ordinal));
        Assert.All(secrets, one => Assert.DoesNotContain(lines, line => line.Contains(one, StringComparison.Ordinal)));
    }
}
