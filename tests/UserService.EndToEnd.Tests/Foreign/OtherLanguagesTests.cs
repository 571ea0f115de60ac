using System.Text.Json.Nodes;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>Every pattern, and the details of errors, from clients in other languages, with code of other people's gRPC.</summary>
public sealed class OtherLanguagesTests : IDisposable
{
    private const string Seen = """
        {
          "unary": ["Ada Lovelace", "ada@example.com"],
          "server streaming": ["Grace Hopper", "Edsger Dijkstra", "Barbara Liskov"],
          "client streaming": { "created": 2, "failed": 1, "failures": { "1": "INVALID_FIELDS" } },
          "bidirectional streaming": [["Hello", 1], ["Bye", 2]],
          "errors": [
            { "code": "INVALID_ARGUMENT", "reason": "INVALID_FIELDS", "fields": ["name", "email"], "resource": "" },
            { "code": "NOT_FOUND", "reason": "USER_NOT_FOUND", "fields": [], "resource": "01900000-0000-7000-8000-000000000099" }
          ]
        }
        """;

    private static readonly string Proto = Repository.File("proto");
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Python()
    {
        await Tools.RequireAsync(
            "/usr/bin/python3 -c 'import grpc' && command -v protoc && command -v grpc_python_plugin",
            "Python's gRPC (apt-get install python3-grpcio protobuf-compiler protobuf-compiler-grpc)");
        ShellResult generated = await Shell.RunAsync(
            $"""
            protoc -I'{Proto}' --python_out=. --grpc_out=. --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
                users.proto google/rpc/status.proto google/rpc/error_details.proto google/api/annotations.proto google/api/http.proto
            """,
            _folder.Path);
        Assert.Equal(new ShellResult(0, "", ""), generated);

        // The system's Python has the system's gRPC; another may come first on the PATH.
        await AssertSeesAllAsync(address => $"/usr/bin/python3 '{Repository.File("eng", "foreign", "users_client.py")}' {address}");
    }

    [Fact]
    public async Task JavaScript()
    {
        await Tools.RequireAsync(
            $"command -v node && test -d '{Repository.File("eng", "foreign", "node_modules", "@grpc", "grpc-js")}'",
            "grpc-js (npm ci --prefix eng/foreign)");

        await AssertSeesAllAsync(address => $"node '{Repository.File("eng", "foreign", "users_client.js")}' {address} '{Proto}'");
    }

    private async Task AssertSeesAllAsync(Func<string, string> line)
    {
        string socket = _folder.File("users.sock");
        foreach (string[] setting in (string[][])[[], [$"Kestrel__Endpoints__Grpc__Url=http://unix:{socket}"]])
        {
            await using ServerProcess server = await ServerProcess.StartAsync(
                _folder.File($"{setting.Length}.db"), ["ASPNETCORE_ENVIRONMENT=Development", .. setting]);
            string target = setting.Length == 0 ? new Uri(server.Address).Authority : $"unix:{socket}";

            ShellResult result = await Shell.RunAsync(line(target), _folder.Path, $"PYTHONPATH={_folder.Path}");

            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Equal(Indented(Seen), Indented(result.Output));
        }
    }

    private static string Indented(string json) => JsonNode.Parse(json)!.ToString();
}
