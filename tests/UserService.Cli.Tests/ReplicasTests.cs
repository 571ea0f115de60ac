using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Users.Cli.Tests.Support;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

/// <summary>The tool with more than one server.</summary>
public sealed class ReplicasTests
{
    [Fact]
    public async Task In_TLS_each_has_to_show_the_name_that_it_is_called_by()
    {
        using X509Certificate2 certificate = SelfMade.Certificate();
        using var ca = new TestFile("ca.pem", certificate.ExportCertificatePem());
        await using ScriptedServer a = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { Id = "x" }), certificate: certificate);
        await using ScriptedServer b = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { Id = "x" }), certificate: certificate);
        string[] addresses =
        [
            $"{a.Address.Authority},{b.Address.Authority}",
            $"https://{a.Address.Authority},https://{b.Address.Authority}",
            $"dns:///localhost:{a.Address.Port}",
        ];

        Userctl.Ending[] endings = await Task.WhenAll(
            addresses.Select(address => Userctl.RunAsync(address, "get", "x", "--tls", "--ca", ca.Path)));

        Assert.All(endings, ending => Assert.Equal((0, ""), (ending.ExitCode, ending.Error)));
    }

    [Fact]
    public async Task A_server_that_ended_before_its_first_call_is_no_loss_while_another_one_is_there()
    {
        using var nobody = new FreePort();
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));
        var refused = new RpcException(new Status(StatusCode.Unavailable, "", new SocketException((int)SocketError.ConnectionRefused)));

        bool[] brokeOff =
        [
            await BrokeOffAsync($"{nobody.Address.Authority},{server.Address.Authority}"),
            await BrokeOffAsync($"{nobody.Address.Authority},{nobody.Address.Authority}"),
            await BrokeOffAsync(nobody.Address.OriginalString),
        ];

        Assert.Equal([true, false, false], brokeOff);

        Task<bool> BrokeOffAsync(string address) =>
            TransportFault.BrokeOffAsync(refused, ServerAddress.TryParse(address)!, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_list_that_breaks_goes_on_at_another()
    {
        Answer Serve(ReceivedCall call, string name) => call.Method is "Watch"
            ? Answer.Failure(StatusCode.Unimplemented)
            : Answer.Messages(
                [new User { Id = ListUsersRequest.Parser.ParseFrom(call.Message).AfterId + name }],
                Other(name).AttemptsAt("ListUsers") == 0 ? StatusCode.Unavailable : StatusCode.OK);
        ScriptedServer? first = null, second = null;
        ScriptedServer Other(string name) => name is "a" ? second! : first!;
        await using (first = await ScriptedServer.StartAsync(call => Serve(call, "a")))
        await using (second = await ScriptedServer.StartAsync(call => Serve(call, "b")))
        {
            Userctl.Ending ending = await Userctl.RunAsync($"{first.Address.Authority},{second.Address.Authority}", "list", "--json");

            Assert.Equal(0, ending.ExitCode);
            string last = ending.Json[^1].GetProperty("id").GetString()!;
            Assert.Equal(Enumerable.Range(1, last.Length).Select(length => last[..length]), ending.Json.Select(user => user.GetProperty("id").GetString()));
            Assert.Equal("ab", string.Concat(last.Distinct().Order()));
        }
    }
}
