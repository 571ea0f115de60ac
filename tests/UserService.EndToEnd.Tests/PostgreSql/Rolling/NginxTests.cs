using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Core;
using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Support;
using Users.Server.Tests.Support;
using Users.Tests.Support.PostgreSql;
using Users.V1;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>Two replicas behind nginx, configured as docs/deployment.md and docs/scaling.md say.</summary>
public sealed partial class NginxTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_carries_every_pattern_and_a_rolling_restart()
    {
        Random random = Kills.Choose();
        await using ReplicaPair replicas = await ReplicaPair.StartAsync(PostgreSqlCluster.Require(), "Limits__DrainWindow=00:00:00", "RateLimits__CallerStreams=0");
        int port = PostgreSqlCluster.FreePort();
        await using ChildProcess nginx = await StartAsync(port, replicas.Ports);
        using var load = new RollingLoad($"https://localhost:{port}", random, _authority.CaFile);
        await load.StartAsync();
        for (int i = 0; i < replicas.Count; i++)
        {
            await load.ProgressAsync(random.Next(100, 500));
            await load.WhileAsync(replicas.ReplaceAsync(i));
        }

        await load.EndAsync("2 replacements of a replica behind nginx");
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task A_chat_may_be_silent_for_longer_than_a_minute()
    {
        await using ReplicaPair replicas = await ReplicaPair.StartAsync(PostgreSqlCluster.Require());
        int port = PostgreSqlCluster.FreePort();
        await using ChildProcess nginx = await StartAsync(port, replicas.Ports);
        using var load = new RollingLoad($"https://localhost:{port}", Kills.Choose(), _authority.CaFile);
        User ada = await load.Client.AddUserAsync("Ada");
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = load.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id, Room = "lobby", Message = "before" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        Task<bool> next = chat.ResponseStream.MoveNext(Token);

        // nginx's own clock counts.
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(65), Token)));
        await chat.RequestStream.WriteAsync(new() { Message = "after" }, Token);

        Assert.True(await next);
        Assert.Equal("after", chat.ResponseStream.Current.Message);
    }

    private async Task<ChildProcess> StartAsync(int port, IReadOnlyList<int> replicas)
    {
        await Tools.RequireAsync("command -v nginx", "nginx (apt-get install nginx)");
        (string certificate, string key, _) = _authority.IssueForServer();
        await File.WriteAllTextAsync(_folder.File("tls.pem"), certificate, Token);
        await File.WriteAllTextAsync(_folder.File("tls.key"), key, Token);
        // The line for a second replica stands on the page of PostgreSQL.
        string[] blocks = await Task.WhenAll(((string[])["deployment.md", "scaling.md"]).Select(async page =>
            NginxBlock().Match(await File.ReadAllTextAsync(Repository.File("docs", page), Token)).Groups[1].Value));
        const string First = "    server 10.0.0.1:50051 max_fails=0;\n";
        string shown = blocks[0].Replace(First, First + blocks[1], StringComparison.Ordinal);
        (string Shown, string Tested)[] places =
        [
            ("listen 443 ", $"listen 127.0.0.1:{port} "),
            ("10.0.0.1:50051", $"127.0.0.1:{replicas[0]}"),
            ("10.0.0.2:50051", $"127.0.0.1:{replicas[1]}"),
            ("/etc/users/tls.pem", _folder.File("tls.pem")),
            ("/etc/users/tls.key", _folder.File("tls.key")),
            ("server_name users.example", "server_name localhost"),
        ];
        foreach ((string place, string tested) in places)
        {
            Assert.Contains(place, shown, StringComparison.Ordinal);
            shown = shown.Replace(place, tested, StringComparison.Ordinal);
        }

        IEnumerable<string> temporary = ((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {_folder.File(kind)};");
        await File.WriteAllTextAsync(
            _folder.File("nginx.conf"),
            string.Create(CultureInfo.InvariantCulture, $$"""
                daemon off;
                pid {{_folder.File("pid")}};
                events {}
                http {
                access_log off;
                {{string.Join('\n', temporary)}}
                {{shown}}
                }
                """),
            Token);
        var nginx = ChildProcess.Of("nginx", ["-e", "stderr", "-c", _folder.File("nginx.conf"), "-p", _folder.Path]);
        await Ports.ConnectAsync(port, () => nginx.HasExited ? $"{nginx.Error}" : null);
        return nginx;
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex NginxBlock();
}
