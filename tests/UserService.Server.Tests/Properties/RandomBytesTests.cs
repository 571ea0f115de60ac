using Google.Rpc;
using Grpc.Core;
using Users.Server.Tests.Properties.Hostile;
using Users.Server.Tests.Support;
using Status = Google.Rpc.Status;

namespace Users.Server.Tests.Properties;

public sealed class RandomBytesTests
{
    // The library's own answers, to what is no message, no frame, too large or compressed in an unknown way.
    private static readonly StatusCode[] Librarys =
        [StatusCode.OK, StatusCode.Unknown, StatusCode.Internal, StatusCode.ResourceExhausted, StatusCode.Unimplemented];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_the_bytes_of_a_call_it_is_answered_and_the_server_stays_well()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Log.Expected = RawCall.IsLibrarys;
        string userId = (await server.AddUserAsync()).Id;
        var messages = new HostileMessages(new HostileValues(new Dictionary<string, string[]> { ["user_id"] = [userId] }));
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };

        await Property.HoldsAsync(server, 700, BrokenBytes.Any(messages), call => call.Shrink(), async call =>
        {
            (StatusCode code, Status? details) = await RawCall.PostAsync(
                http, server, $"{call.Method.Service.FullName}/{call.Method.Name}", call.Body, ("grpc-encoding", call.Encoding));

            string? reason = details?.GetDetail<ErrorInfo>()?.Reason;
            Assert.True(
                details is null ? Librarys.Contains(code)
                    : Refusals.Codes.TryGetValue(reason ?? "", out StatusCode expected) && expected == code,
                $"{code} {reason} {details?.Message}");
        });

        await server.AddUserAsync();
        await server.Counts.WaitForAsync(calls: 0);
    }

    [Fact]
    public async Task Whatever_comes_over_a_connection_the_server_closes_it_and_stays_well()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Log.Expected = RawCall.IsLibrarys;

        await Property.HoldsAsync(
            server, 500, BrokenConnection.Any, broken => broken.Shrink(), broken => broken.EndAsync(new Uri(server.Address), Token));

        await server.AddUserAsync();
        server.ReleaseClient();
        await server.Counts.WaitForNothingAsync();
    }
}
