using Users.EndToEnd.Tests.Documents;
using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Samples;
using Users.EndToEnd.Tests.Support;

[assembly: AssemblyFixture(typeof(SampleFolder))]

namespace Users.EndToEnd.Tests.Samples;

/// <summary>
/// The samples beside the contract, with what their READMEs generate, by Debian's packages. Each is made when the first test asks for it;
/// where its tools are missing, that test is skipped, and in CI it fails.
/// </summary>
public sealed class SampleFolder : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, Task<Sample>> _made = [];
    private readonly Lock _turn = new();

    public static TheoryData<string> Languages => ["python", "node", "go"];

    internal async Task<Sample> MakeAsync(string language)
    {
        await RequireAsync(language);
        Task<Sample>? sample;
        lock (_turn)
        {
            if (!_made.TryGetValue(language, out sample))
            {
                _made[language] = sample = MakeNewAsync(language);
            }
        }

        return await sample;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task RequireAsync(string language) => language switch
    {
        "python" => Tools.RequireAsync(
            "/usr/bin/python3 -c 'import grpc' && command -v protoc && command -v grpc_python_plugin",
            "Python's gRPC (apt-get install python3-grpcio protobuf-compiler protobuf-compiler-grpc)"),
        "go" => Tools.RequireAsync(
            "command -v go && command -v protoc-gen-go-grpc && test -d /usr/share/gocode/src/google.golang.org/grpc",
            "Go's gRPC (apt-get install golang-go golang-google-grpc-dev golang-github-golang-protobuf-1-5-dev golang-github-google-uuid-dev protoc-gen-go protoc-gen-go-grpc)"),
        _ => Tools.RequireAsync(
            $"command -v node && test -d '{Repository.File("samples", "node", "node_modules", "@grpc", "grpc-js")}'", "grpc-js (npm ci --prefix samples/node)"),
    };

    private Task<Sample> MakeNewAsync(string language) => language switch
    {
        "python" => PythonAsync(),
        "go" => GoAsync(),
        // Read when the program starts: nothing is generated.
        _ => Task.FromResult(new Sample("node", program => Repository.File("samples", "node", $"{program}.js"))),
    };

    private async Task<Sample> PythonAsync()
    {
        string copy = await GenerateAsync("python", _folder.File("debian/python"));
        // The system's Python has the system's gRPC; another may come first on the PATH.
        return new Sample("/usr/bin/python3", program => Path.Combine(copy, $"{program}.py"));
    }

    // Without the modules of the Internet: Debian's packages are in a GOPATH.
    private async Task<Sample> GoAsync()
    {
        string copy = await GenerateAsync("go", _folder.File("gopath/src/example.com/users"));
        ShellResult built = await Shell.RunAsync(
            "mkdir programs && go build -o programs ./patterns ./chat", copy, "GO111MODULE=off", $"GOPATH={_folder.File("gopath")}:/usr/share/gocode");
        Assert.Equal(new ShellResult(0, "", ""), built);
        return new Sample("/usr/bin/env", program => Path.Combine(copy, "programs", program));
    }

    /// <summary>Copies a sample, and the contract to where it looks for it, and runs its README's line of protoc.</summary>
    private static async Task<string> GenerateAsync(string language, string copy)
    {
        Directory.CreateDirectory(copy);
        string line = Document.Read($"samples/{language}/README.md").Code.First(line => line.StartsWith("protoc ", StringComparison.Ordinal));
        ShellResult generated = await Shell.RunAsync(
            $"cp -R '{Repository.File("samples", language)}/.' . && cp -R '{Repository.File("proto")}' ../.. && {line}", copy);
        Assert.Equal(new ShellResult(0, "", ""), generated);
        return copy;
    }
}

/// <summary>The programs of one language.</summary>
internal sealed record Sample(string Runner, Func<string, string> PathOf)
{
    /// <summary>The command line of one of them, in quotes.</summary>
    public string Line(string program, params string[] arguments) =>
        string.Join(' ', ((string[])[Runner, PathOf(program), .. arguments]).Select(word => $"'{word}'"));

    /// <summary>Starts the chat.</summary>
    public ChildProcess Chat(string address, string speaker, string room = "lobby")
    {
        var process = ChildProcess.Of(Runner, PathOf("chat"), "--address", new Uri(address).Authority, "--as", speaker, "--room", room);
        process.Input.AutoFlush = true;
        return process;
    }
}
