using System.Text.Json;
using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>The log as an operator reads it, in JSON, which ASP.NET Core's own setting switches on.</summary>
public sealed class LogTests : IDisposable
{
    private const string Json = "Logging__Console__FormatterName=json";
    private const string Secret = "zebedee";
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_call_is_one_structured_line_at_Information_if_it_failed_through_its_callers_fault_and_else_at_Debug()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, Json, "Logging__LogLevel__Default=Debug");
        await Failure.ReasonAsync(StatusCode.NotFound, () => server.Client.GetAsync(Guid.Empty.ToString()));

        using var line = JsonDocument.Parse(await server.Process.Output.FirstAsync("GetUser ended"));

        Assert.Equal("Information", line.RootElement.GetProperty("LogLevel").GetString());
        JsonElement values = line.RootElement.GetProperty("State");
        Assert.Equal("/users.v1.UserService/GetUser", values.GetProperty("Method").GetString());
        Assert.Equal("NotFound", values.GetProperty("Status").ToString());
        Assert.True(values.GetProperty("Milliseconds").GetDouble() > 0);
        Assert.Matches(@"^127\.0\.0\.1:\d+$", values.GetProperty("Peer").GetString());
        Assert.Matches("^[0-9a-f]{32}$", values.GetProperty("TraceId").GetString());

        await server.Client.AddUserAsync("Ada");
        using var success = JsonDocument.Parse(await server.Process.Output.FirstAsync("CreateUser ended"));
        Assert.Equal("Debug", success.RootElement.GetProperty("LogLevel").GetString());
        Assert.Equal("OK", success.RootElement.GetProperty("State").GetProperty("Status").ToString());
    }

    [Fact]
    public async Task Names_and_emails_are_in_no_line_at_Information_or_above()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, Json);
        UserService.UserServiceClient client = server.Client;
        var person = new CreateUserRequest { Name = $"The {Secret}", Email = $"{Secret}@example.com" };
        User user = await client.CreateUserAsync(person, cancellationToken: Token);
        await Failure.ReasonAsync(StatusCode.AlreadyExists, async () => await client.CreateUserAsync(person, cancellationToken: Token));
        await Failure.ReasonAsync(StatusCode.InvalidArgument, async () => await client.CreateUserAsync(
            new() { Name = $"{Secret}\n", Email = $"{Secret} at example.com" }, cancellationToken: Token));
        await Failure.ReasonAsync(StatusCode.Aborted, async () => await client.UpdateUserAsync(
            new() { Id = user.Id, Name = Secret, Etag = "stale" }, cancellationToken: Token));
        await Failure.ReasonAsync(StatusCode.InvalidArgument, () => client.GetAsync(Secret));
        await Failure.ReasonAsync(StatusCode.ResourceExhausted, () => client.AddUserAsync(new string('z', 100_000) + Secret));
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = client.CreateUsers(cancellationToken: Token);
        await upload.RequestStream.WriteAsync(person, Token);
        await upload.RequestStream.CompleteAsync();
        Assert.Equal(1, (await upload).FailedCount);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Room = Secret, Message = Secret }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        await chat.RequestStream.WriteAsync(new() { Room = "elsewhere", Message = Secret }, Token);
        await Failure.ReasonAsync(StatusCode.FailedPrecondition, () => chat.ResponseStream.MoveNext(Token));
        await client.DeleteUserAsync(new() { Id = user.Id }, cancellationToken: Token);
        Assert.Equal(0, await server.StopAsync());

        string log = server.Process.Output.ToString();
        // Each failure above has left its line, so what is not in them was not said.
        Assert.All(
            [
                "CreateUser ended AlreadyExists", "CreateUser ended InvalidArgument", "UpdateUser ended Aborted",
                "GetUser ended InvalidArgument", "CreateUser ended ResourceExhausted", "ChatUsers ended FailedPrecondition",
            ],
            line => Assert.Contains(line, log));
        // The log has those that succeeded at Debug only.
        Assert.DoesNotContain("ended OK", log);
        Assert.DoesNotContain(Secret, log);
        Assert.DoesNotContain("example.com", log);
    }
}
