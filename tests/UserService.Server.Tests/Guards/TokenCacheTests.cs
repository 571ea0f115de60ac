using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Users.Server.Guards;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>A good token is checked once, and taken for no longer than it lives.</summary>
public sealed class TokenCacheTests
{
    [Fact]
    public async Task A_good_token_is_checked_once_for_all_its_callers_and_each_other_one_for_itself()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        Metadata[] tokens = [issuer.Bearer(DateTimeOffset.UtcNow, "users.read", "ada"), issuer.Bearer(DateTimeOffset.UtcNow, "users.read", "alan")];

        foreach (Metadata token in tokens)
        {
            Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", token));
            Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", token));
            (await AnyMethod.FailAsync(server.Connect(), "DeleteUser", token)).AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING");
        }

        Assert.Equal(2, server.Log.Lines.Count(line => line.Text.Contains("Successfully validated the token", StringComparison.Ordinal)));
        Assert.Equal(2, server.Get<TokenCache>().Count);
    }

    public static TheoryData<string> OwnChecks => ["setting", "event", "events type", "transformation"];

    [Theory]
    [MemberData(nameof(OwnChecks))]
    public async Task Where_a_call_has_a_check_of_its_own_each_token_is_checked_anew(string what)
    {
        using var issuer = new TokenIssuer();
        Checked ran = new();
        await using RunningServer server = await RunningServer.StartAsync(null, Configure, [.. issuer.Settings, $"--Security:RememberTokens={what != "setting"}"]);
        Metadata token = issuer.Bearer(DateTimeOffset.UtcNow, "users.read", "ada");

        for (int call = 0; call < 3; call++)
        {
            Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", token));
        }

        Assert.Equal(0, server.Get<TokenCache>().Count);
        Assert.Equal(3, server.Log.Lines.Count(line => line.Text.Contains("Successfully validated the token", StringComparison.Ordinal)));
        Assert.Equal(what == "setting" ? 0 : 3, ran.Count);

        void Configure(IServiceCollection services)
        {
            services.AddSingleton(ran);
            switch (what)
            {
                case "event":
                    services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer => bearer.Events = new JwtBearerEvents { OnTokenValidated = _ => ran.AddAsync() });
                    break;
                case "events type":
                    services.AddSingleton<OwnEvents>();
                    services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer => bearer.EventsType = typeof(OwnEvents));
                    break;
                case "transformation":
                    services.AddSingleton<IClaimsTransformation, OwnTransformation>();
                    break;
            }
        }
    }

    [Fact]
    public async Task A_refused_token_is_not_kept()
    {
        var time = new ManualTime();
        using var issuer = new TokenIssuer();
        using var other = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(time, issuer.Settings);

        await AnyMethod.FailAsync(server.Connect(), "ListUsers", other.Bearer(time.GetUtcNow(), "users.read"));
        await AnyMethod.FailAsync(server.Connect(), "ListUsers", issuer.Bearer(time.GetUtcNow().AddDays(-1), "users.read"));
        await AnyMethod.FailAsync(server.Connect(), "ListUsers", new Metadata { { "authorization", "Basic YWRhOmFkYQ==" } });

        Assert.Equal(0, server.Get<TokenCache>().Count);
    }

    [Fact]
    public void It_forgets_with_the_expiry_and_the_skew_of_clocks()
    {
        var time = new ManualTime();
        using var cache = new TokenCache(time);
        AuthenticateResult result = Result(time.GetUtcNow().AddHours(1));
        cache.Keep("Bearer one", result, cache.Keys);

        time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(29));
        Assert.Same(result, cache.Find("Bearer one")?.Result);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find("Bearer one"));
    }

    [Fact]
    public void It_holds_so_many_and_no_more()
    {
        var time = new ManualTime();
        using var cache = new TokenCache(time);
        AuthenticateResult result = Result(time.GetUtcNow().AddHours(1));

        for (int i = 0; i < TokenCache.MaxTokens * 2; i++)
        {
            cache.Keep($"Bearer {i}", result, cache.Keys);
        }

        Assert.InRange(cache.Count, 1, TokenCache.MaxTokens);
    }

    [Fact]
    public void It_holds_no_token_that_is_very_long()
    {
        var time = new ManualTime();
        using var cache = new TokenCache(time);
        AuthenticateResult result = Result(time.GetUtcNow().AddHours(1));
        string longest = new('x', TokenCache.MaxCharacters);

        cache.Keep(longest, result, cache.Keys);
        cache.Keep(longest + "x", result, cache.Keys);

        Assert.NotNull(cache.Find(longest));
        Assert.Null(cache.Find(longest + "x"));
    }

    [Fact]
    public void It_forgets_when_the_keys_change_and_keeps_no_check_that_began_before()
    {
        var time = new ManualTime();
        using var cache = new TokenCache(time);
        AuthenticateResult result = Result(time.GetUtcNow().AddHours(1));
        object before = cache.Keys;
        cache.Keep("Bearer one", result, before);

        cache.Clear();
        cache.Keep("Bearer two", result, before);
        cache.Keep("Bearer three", result, cache.Keys);

        Assert.Null(cache.Find("Bearer one"));
        Assert.Null(cache.Find("Bearer two"));
        Assert.NotNull(cache.Find("Bearer three"));
    }

    private static AuthenticateResult Result(DateTimeOffset expiry) => AuthenticateResult.Success(
        new AuthenticationTicket(new ClaimsPrincipal(), new AuthenticationProperties { ExpiresUtc = expiry }, "Bearer"));

    private sealed class Checked
    {
        public int Count { get; private set; }

        public Task AddAsync()
        {
            Count++;
            return Task.CompletedTask;
        }
    }

    private sealed class OwnEvents(Checked ran) : JwtBearerEvents
    {
        public override Task TokenValidated(TokenValidatedContext context) => ran.AddAsync();
    }

    private sealed class OwnTransformation(Checked ran) : IClaimsTransformation
    {
        public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            await ran.AddAsync();
            return principal;
        }
    }
}
