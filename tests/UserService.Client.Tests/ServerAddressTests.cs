using Users.Client.Connection;

namespace Users.Client.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("http://a:1", "http://a:1/", false)]
    [InlineData("https://a", "https://a/", false)]
    [InlineData("a:1", "http://a:1/", false)]
    [InlineData("[::1]:1", "http://[::1]:1/", false)]
    [InlineData("a:80", "http://a/", false)]
    [InlineData("dns:///a.internal:50051", "http://a.internal:50051/", true)]
    [InlineData("DNS:///a:1", "http://a:1/", true)]
    [InlineData("a:1,b:2", "http://a:1/ http://b:2/", true)]
    [InlineData("https://a, https://b:2", "https://a/ https://b:2/", true)]
    public void It_is_one_server_or_several_or_a_name(string text, string servers, bool hasReplicas)
    {
        ServerAddress address = ServerAddress.TryParse(text)!;

        Assert.Equal((servers, hasReplicas, text), (string.Join(' ', address.Servers), address.HasReplicas, address.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a:b")]
    [InlineData("a:99999")]
    [InlineData("a:1/path")]
    [InlineData("user@a:1")]
    [InlineData("http://user@a:1")]
    [InlineData("http://a:1#part")]
    [InlineData("ftp://a:1")]
    [InlineData("a:1,")]
    [InlineData("a:1,http://b:1")]
    [InlineData("http://a:1,https://b:1")]
    [InlineData("dns:///a")]
    [InlineData("dns:///")]
    [InlineData("dns://resolver/a:1")]
    [InlineData("dns:///a:1,b:1")]
    [InlineData("a:1,dns:///b:1")]
    [InlineData("unix:")]
    [InlineData("unix://host/path")]
    public void What_is_neither_is_none(string text) => Assert.Null(ServerAddress.TryParse(text));

    [Theory]
    [InlineData("unix:/run/users/users.sock", "/run/users/users.sock")]
    [InlineData("unix:///run/users/users.sock", "/run/users/users.sock")]
    [InlineData("UNIX:users.sock", "users.sock")]
    [InlineData("unix:a,b", "a,b")]
    public void It_is_a_socket_on_this_host(string text, string path)
    {
        ServerAddress address = ServerAddress.TryParse(text)!;

        Assert.Equal((path, true, false, false, text), (address.SocketPath, address.IsLoopback, address.IsTls, address.HasReplicas, address.ToString()));
    }

    [Theory]
    [InlineData('x', 200)]
    [InlineData('ä', 60)]
    public void A_path_that_no_system_takes_is_none(char letter, int count) =>
        Assert.Null(ServerAddress.TryParse($"unix:/{new string(letter, count)}"));

    [Theory]
    [InlineData("a:1,b:1")]
    [InlineData("dns:///a:1")]
    public void In_TLS_it_is_the_same_servers(string text)
    {
        ServerAddress address = ServerAddress.TryParse(text)!;

        Assert.False(address.IsTls);
        Assert.True(address.InTls().IsTls);
        Assert.Equal(address.Servers.Select(server => server.Authority), address.InTls().Servers.Select(server => server.Authority));
        Assert.Equal((address.HasReplicas, text), (address.InTls().HasReplicas, address.InTls().ToString()));
    }

    [Theory]
    [InlineData("https://example.test", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("http://example.test", false)]
    [InlineData("localhost:1,127.0.0.1:2", true)]
    [InlineData("localhost:1,example.test:2", false)]
    [InlineData("dns:///localhost:1", true)]
    [InlineData("dns:///example.test:1", false)]
    public void A_token_may_go_to_it_in_TLS_and_on_this_host(string address, bool isSafe) =>
        Assert.Equal(isSafe, BearerToken.IsSafeTo(ServerAddress.TryParse(address)!));
}
