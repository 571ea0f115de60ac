using System.Net;
using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>SIGTERM, as an orchestrator sends it.</summary>
public sealed class ShutdownTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ChildProcess.SigTerm)]
    [InlineData(ChildProcess.SigHup)]
    [LongFormData(ChildProcess.SigInt)]
    public async Task An_idle_server_ends_with_code_0(int signal)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);

        server.Process.Signal(signal);

        Assert.Equal(0, await server.Process.EndAsync());
        Assert.Empty(server.Process.Error.All);
        // The last connection took the write-ahead log with it: the database was closed, not dropped.
        Assert.False(File.Exists(_folder.Database + "-wal"));
    }

    [Fact]
    public async Task A_server_that_was_started_with_nohup_goes_on_after_the_terminal_is_closed()
    {
        await using ServerProcess server = await ServerProcess.Launch(
            [$"ConnectionStrings__Users=Data Source={_folder.Database}"], tracer: ["nohup"]).StartedAsync();

        server.Process.Signal(ChildProcess.SigHup);

        Assert.Equal("Ada", (await server.Client.AddUserAsync("Ada")).Name);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task A_server_whose_output_nobody_reads_serves_and_stops()
    {
        // The pipe takes some hundred lines, the logger's queue 2 500.
        string output = _folder.File("output");
        await using ServerProcess server = await ServerProcess.Launch(
            [$"ConnectionStrings__Users=Data Source={_folder.Database}"],
            tracer: ["sh", "-c", $"mkfifo '{output}'; exec 3<>'{output}'; \"$@\" >&3 & child=$!; trap 'kill $child' TERM; head -n 6 <&3; wait; wait", "sh"]).StartedAsync();
        Task<string>[] calls = [.. Enumerable.Range(0, 5_000).Select(_ =>
            Failure.ReasonAsync(StatusCode.NotFound, () => server.Client.GetAsync(Guid.Empty.ToString())))];

        Assert.All(await Task.WhenAll(calls).WaitAsync(ChildProcess.Patience, Token), reason => Assert.Equal("USER_NOT_FOUND", reason));
        using var http = new HttpClient();
        Assert.Equal("Healthy", await http.GetStringAsync(server.HttpAddress + "/health/live", Token));
        server.Process.Signal(ChildProcess.SigTerm);
        await server.Process.EndAsync();
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_before_it_has_started_ends_with_code_0_and_no_stack_trace()
    {
        using var watcher = new FileSystemWatcher(_folder.Path, "*.lock") { EnableRaisingEvents = true };
        var opening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => opening.TrySetResult();
        // The start waits for the database as long as another program has it.
        using var database = new SqliteFile(_folder.Database);
        database.Execute("BEGIN EXCLUSIVE");
        await using ServerProcess server = ServerProcess.Launch([
            $"ConnectionStrings__Users=Data Source={_folder.Database}", "Limits__StoreBusy=00:01:00",
            "Logging__LogLevel__Microsoft.Hosting.Lifetime=Information"]);
        await opening.Task.WaitAsync(ChildProcess.Patience, Token);

        server.Process.Signal(ChildProcess.SigTerm);
        await server.Process.Output.FirstAsync("Application is shutting down");
        database.Execute("ROLLBACK");

        Assert.Equal(0, await server.Process.EndAsync());
        Assert.Empty(server.Process.Error.All);
        Assert.DoesNotContain("   at ", server.Process.Output.ToString());
        Assert.DoesNotContain("listening on", server.Process.Output.ToString());
    }

    [Fact]
    public async Task Open_streams_end_with_SHUTTING_DOWN()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        User ada = await server.Client.AddUserAsync("Ada");
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = server.Client.CreateUsers(cancellationToken: Token);
        await upload.RequestStream.WriteAsync(new() { Name = "Grace", Email = "grace@example.com" }, Token);
        // Answered on the same connection, so the server has the upload.
        await server.Client.GetAsync(ada.Id);

        server.Process.Signal(ChildProcess.SigTerm);

        Assert.Equal("SHUTTING_DOWN", await Failure.ReasonAsync(StatusCode.Unavailable, () => chat.ResponseStream.MoveNext(Token)));
        Assert.Equal("SHUTTING_DOWN", await Failure.ReasonAsync(StatusCode.Unavailable, () => upload.ResponseAsync));
        Assert.Equal(0, await server.Process.EndAsync());
        Assert.Empty(server.Process.Error.All);
    }

    [Fact]
    public async Task For_the_drains_window_a_new_connection_is_told_why_it_is_refused()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, "Limits__DrainWindow=01:00:00");
        using var http = new HttpClient();
        // The first call takes its time to load code.
        User ada = await server.Client.AddUserAsync("Ada");

        server.Process.Signal(ChildProcess.SigTerm);
        await server.Process.Output.FirstAsync("Shutting down");

        UserService.UserServiceClient late = new(server.Connect());
        Assert.Equal("SHUTTING_DOWN", await Failure.ReasonAsync(StatusCode.Unavailable, () => late.GetAsync(ada.Id)));
        using HttpResponseMessage ready = await http.GetAsync(server.HttpAddress + "/health/ready", Token);
        using HttpResponseMessage live = await http.GetAsync(server.HttpAddress + "/health/live", Token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
        // A second signal ends the window, too; and the first one was no error.
        server.Process.Signal(ChildProcess.SigTerm);
        await server.Process.EndAsync();
        Assert.DoesNotContain("fail:", server.Process.Output.ToString());
    }

    [Theory]
    [LongFormData(ChildProcess.SigTerm, ChildProcess.SigTerm)]
    [InlineData(ChildProcess.SigTerm, ChildProcess.SigInt)]
    public async Task A_second_signal_ends_it_at_once_and_loses_nothing_that_was_acknowledged(int first, int second)
    {
        List<User> acknowledged = [];
        await using (ServerProcess server = await ServerProcess.StartAsync(
            _folder.Database, "Limits__DrainWindow=01:00:00", "Limits__StreamGrace=01:00:00"))
        {
            await FillAsync(server.Client);
            using AsyncServerStreamingCall<User> stalled = server.Client.ListUsers(new(), cancellationToken: Token);
            Assert.True(await stalled.ResponseStream.MoveNext(Token));
            for (int i = 0; i < 20; i++)
            {
                acknowledged.Add(await server.Client.AddUserAsync($"User {i}"));
            }

            server.Process.Signal(first);
            await server.Process.Output.FirstAsync("Shutting down");
            server.Process.Signal(second);

            Assert.Equal(128 + second, await server.Process.EndAsync());
            Assert.Empty(server.Process.Error.All);
            Assert.DoesNotContain("Exception", server.Process.Output.ToString());
        }

        await using ServerProcess next = await ServerProcess.StartAsync(_folder.Database);
        Assert.Equal(acknowledged, (await next.Client.ListAsync()).TakeLast(20));
    }

    [Fact]
    public async Task A_list_whose_reader_is_stalled_does_not_hold_up_the_end()
    {
        // After the grace of 1 s the stream is reset, so this, and Kestrel's own patience, are not waited for.
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, "Limits__ShutdownTimeout=01:00:00");
        await FillAsync(server.Client);
        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: Token);
        // The first user of the second page comes with all that HTTP/2's window takes of it: the server waits for the reader.
        for (int i = 0; i <= 50; i++)
        {
            Assert.True(await list.ResponseStream.MoveNext(Token));
        }

        Assert.Equal(0, await server.StopAsync());

        Assert.Contains("1 streams did not end within 1 s", server.Process.Output.ToString());
        await Failure.ReasonAsync(StatusCode.Unavailable, () => ReadAllAsync(list));
    }

    // About 5 MB, more than the windows of HTTP/2, which grow, and the sockets' buffers take: the server waits for its reader.
    private static async Task FillAsync(UserService.UserServiceClient client)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = client.CreateUsers(cancellationToken: Token);
        for (int i = 0; i < 15_000; i++)
        {
            await upload.RequestStream.WriteAsync(new() { Name = new string('a', 200), Email = $"{i}@example.com" }, Token);
        }

        await upload.RequestStream.CompleteAsync();
        Assert.Equal(15_000, (await upload).UserCount);
    }

    private static async Task ReadAllAsync(AsyncServerStreamingCall<User> list)
    {
        while (await list.ResponseStream.MoveNext(Token))
        {
        }
    }
}
