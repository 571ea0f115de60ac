using Grpc.Net.Client;
using Users.EndToEnd.Tests.Support;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Secure;

/// <summary>The classes that share one.</summary>
[CollectionDefinition("A server in Production")]
public sealed class SharesSecureServer : ICollectionFixture<SecureServer>;

/// <summary>A server in Production, as a process, with TLS and tokens; and one user, whose tokens these are.</summary>
public sealed class SecureServer : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TokenIssuer _issuer = new();
    private ServerProcess _server = null!;

    /// <summary>As its certificate names it.</summary>
    public string Address => _server.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public string CaFile => _authority.CaFile;

    /// <summary>The id of the user.</summary>
    public string User { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.Launch(
            [$"ConnectionStrings__Users=Data Source={_folder.Database}", "ASPNETCORE_ENVIRONMENT=Production"],
            [.. _authority.Settings, .. _issuer.Settings]).StartedAsync();
        using var handler = new SocketsHttpHandler { SslOptions = _authority.ClientOptions() };
        var client = new UserService.UserServiceClient(_server.Connect(new GrpcChannelOptions { HttpHandler = handler }));
        User user = await client.CreateUserAsync(
            new() { Name = "Ada", Email = "ada@example.com" }, TokenIssuer.Metadata(Token("users.write")),
            cancellationToken: TestContext.Current.CancellationToken);
        User = user.Id;
    }

    /// <summary>A token of the user.</summary>
    /// <param name="scope">What it allows.</param>
    /// <param name="left">How long the server still takes it: the 30 seconds for clocks that differ are part of it. An hour unless given.</param>
    public string Token(string scope = "users.read users.write chat", TimeSpan? left = null)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Dictionary<string, object> claims = TokenIssuer.Claims(now, scope, User is "" ? "somebody" : User);
        claims["exp"] = (now + (left ?? TimeSpan.FromHours(1)) - TimeSpan.FromSeconds(30)).ToUnixTimeSeconds();
        claims["nbf"] = now.AddHours(-1).ToUnixTimeSeconds();
        return _issuer.Sign(claims);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
        _issuer.Dispose();
        _folder.Dispose();
    }
}
