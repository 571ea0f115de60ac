using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;

namespace Users.Server.Tests;

public sealed class CallLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_succeeded_is_one_line_at_Debug()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.AddUserAsync();

        LogLine line = await server.Log.WaitForCallAsync("CreateUser", "OK");

        Assert.Equal(LogLevel.Debug, line.Level);
        Assert.Matches(@"^/users\.v1\.UserService/CreateUser ended OK in [0-9.]+ ms for 127\.0\.0\.1:[0-9]+, trace [0-9a-f]{32}$", line.Text);
    }

    [Fact]
    public async Task A_bug_is_logged_once_with_the_trace_id_that_the_caller_was_told()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        // A round of health checks may begin at any time, and finds the store gone, too.
        server.Log.Expected = HealthTests.IsUnhealthy;
        await server.Store.DisposeAsync();

        Failure failure = await Failure.OfAsync(server.Client.DeleteUserAsync(new() { Id = Guid.NewGuid().ToString() }, cancellationToken: Token));
        LogLine line = await server.Log.WaitForCallAsync("DeleteUser", "Internal");

        Assert.IsType<ObjectDisposedException>(line.Exception);
        Assert.EndsWith(failure.Detail<Google.Rpc.RequestInfo>().RequestId, line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ObjectDisposed", failure.Details!.ToString() + failure.Text + failure.Trailers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_middleware_throws_has_its_line_too()
    {
        await using RunningServer server = await RunningServer.StartMappedAsync(
            app => app.MapPost("/a.b/C", string () => throw new InvalidOperationException("of a middleware")).AllowAnonymous(), null);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.HttpAddress}/a.b/C") { Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentType = new("application/grpc");
        using var http = new HttpClient();

        using HttpResponseMessage answer = await http.SendAsync(request, Token);

        LogLine line = await server.Log.WaitForAsync(line => line.Text.StartsWith("/a.b/C ended Unknown in ", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.IsType<InvalidOperationException>(line.Exception);
        await server.Log.WaitForAsync(line => line.Category == "Microsoft.AspNetCore.Server.Kestrel" && line.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task No_name_and_no_email_is_logged_at_Information_or_above()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var user = new V1.CreateUserRequest { Name = "Secret Name", Email = "secret@example.com" };
        await server.Client.CreateUserAsync(user, cancellationToken: Token);

        (await Failure.OfAsync(server.Client.CreateUserAsync(user, cancellationToken: Token))).AssertIs(StatusCode.AlreadyExists, "EMAIL_TAKEN");
        await server.Log.WaitForCallAsync("CreateUser", "AlreadyExists");

        Assert.DoesNotContain(
            server.Log.Lines.Where(line => line.Level >= LogLevel.Information && !line.Category.StartsWith("Grpc.", StringComparison.Ordinal)),
            line => line.Text.Contains("secret", StringComparison.OrdinalIgnoreCase));
    }
}
