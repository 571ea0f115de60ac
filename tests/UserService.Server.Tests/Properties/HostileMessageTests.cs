using Grpc.Core;
using Users.Server.Tests.Properties.Hostile;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Properties;

public sealed class HostileMessageTests
{
    private const int MaxMessageBytes = 64 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_message_holds_the_answer_is_a_row_of_the_contract()
    {
        await using RunningServer server = await RunningServer.StartAsync($"--Limits:MaxMessageBytes={MaxMessageBytes}");
        var messages = new HostileMessages(new HostileValues(await PlausibleAsync(server)));
        CallInvoker invoker = server.Connect().CreateCallInvoker();

        await Property.HoldsAsync(server, 700, HostileCall.Any(messages), call => call.Shrink(), async call =>
        {
            Failure? failure = await call.EndAsync(invoker, Token);
            if (failure is { Details: null, Code: StatusCode.ResourceExhausted })
            {
                Assert.Contains(call.Messages, message => message.Length > MaxMessageBytes);
            }
            else if (failure is not null)
            {
                Assert.True(Refusals.Codes.ContainsKey(failure.Reason ?? ""), $"{failure.Code} {failure.Reason}: {failure.Text}");
                failure.AssertIs(Refusals.Codes[failure.Reason!], failure.Reason!);
            }
        });

        await server.AddUserAsync();
        await server.Counts.WaitForAsync(calls: 0);
    }

    private static async Task<Dictionary<string, string[]>> PlausibleAsync(RunningServer server)
    {
        User[] users = new User[20];
        for (int i = 0; i < users.Length; i++)
        {
            users[i] = await server.AddUserAsync();
        }

        string[] ids = [.. users.Select(user => user.Id), users[0].Id.ToUpperInvariant(), Guid.NewGuid().ToString()];
        return new Dictionary<string, string[]>
        {
            ["id"] = ids,
            ["user_id"] = ids[..2],
            ["after_id"] = ["", .. ids],
            ["request_id"] = ["", .. ids],
            ["name"] = ["Ada Lovelace", "Žofie 😀"],
            ["email"] = [.. users.Select(user => user.Email), .. Enumerable.Range(0, 50).Select(i => $"new{i}@example.com")],
            ["etag"] = ["", "", users[0].Etag],
            ["paths"] = ["name", "email"],
            ["room"] = ["", "", "engine"],
            ["message"] = ["", "hello"],
        };
    }
}
