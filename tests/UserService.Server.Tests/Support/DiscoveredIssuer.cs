using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Users.Server.Tests.Support;

/// <summary>An issuer that publishes its keys as OpenID Connect says: a discovery document, and a set of keys beside it.</summary>
internal sealed class DiscoveredIssuer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TokenIssuer> _keys = new();
    private readonly WebApplication _app;

    public DiscoveredIssuer(int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>How often its keys were asked for.</summary>
    public int Reads { get; private set; }

    public string Address => _app.Urls.Single();

    /// <summary>What makes a server ask for this issuer's tokens.</summary>
    public string[] Settings => SettingsAt(Address);

    /// <summary>The same before it is there.</summary>
    public static string[] SettingsAt(string address) =>
    [
        "--Security:RequireTokens=true",
        $"--Authentication:Schemes:Bearer:Authority={address}",
        "--Authentication:Schemes:Bearer:RequireHttpsMetadata=false",
        $"--Authentication:Schemes:Bearer:ValidAudience={TokenIssuer.Audience}",
    ];

    public Task StartAsync() => _app.StartAsync(TestContext.Current.CancellationToken);

    public void Publish(string keyId, TokenIssuer key) => _keys[keyId] = key;

    public void Withdraw(string keyId) => _keys.TryRemove(keyId, out _);

    /// <summary>The metadata of a caller with a token that lives for an hour, signed with one of the keys.</summary>
    public Metadata Bearer(TokenIssuer key, string keyId, DateTimeOffset now, string claim = "scope", object? grants = null)
    {
        Dictionary<string, object> claims = TokenIssuer.Claims(now, "");
        claims["iss"] = Address;
        claims.Remove("scope");
        claims[claim] = grants ?? "users.read";
        return TokenIssuer.Metadata(key.Sign(claims, keyId));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/.well-known/openid-configuration")
        {
            return context.Response.WriteAsJsonAsync(new { issuer = Address, jwks_uri = $"{Address}/keys" });
        }

        Reads++;
        return context.Response.WriteAsJsonAsync(new { keys = _keys.Select(key => key.Value.PublicKey(key.Key)) });
    }
}
