using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Users.Client.Server;

/// <summary>A server of the client's own, on free ports and an empty temporary database; both are gone after it.</summary>
internal sealed class OwnServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly ChildServer _server;
    private readonly DirectoryInfo _directory;

    private OwnServer(ChildServer server, DirectoryInfo directory) => (_server, _directory) = (server, directory);

    public Uri Address => _server.Address;

    public int ProcessId => _server.ProcessId;

    /// <exception cref="CommandException">There is no built server, or it does not start.</exception>
    public static async Task<OwnServer> StartAsync(string clientDirectory, CancellationToken cancellationToken)
    {
        string server = Find(clientDirectory);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("users-tour-");
        try
        {
            return new OwnServer(await ChildServer.StartAsync(Program(server, directory), StartLimit, cancellationToken), directory);
        }
        catch
        {
            directory.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>The server that was built with this client: artifacts/bin/UserService.Client/debug has its neighbour in
    /// artifacts/bin/UserService.Server/debug.</summary>
    /// <exception cref="CommandException">It was not built.</exception>
    public static string Find(string clientDirectory)
    {
        var client = new DirectoryInfo(Path.TrimEndingDirectorySeparator(clientDirectory));
        string server = Path.GetFullPath(
            Path.Combine(client.FullName, "..", "..", "UserService.Server", client.Name, "UserService.Server.dll"));
        return File.Exists(server)
            ? server
            : throw new CommandException(
                $"There is no built server at {server} to start; build src/UserService.Server, or name a running one with --address.",
                ExitCodes.NoServer);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _server.DisposeAsync();
        }
        finally
        {
            _directory.Delete(recursive: true);
        }
    }

    private static ProcessStartInfo Program(string server, DirectoryInfo directory) => new(DotnetHost(), [server])
    {
        WorkingDirectory = directory.FullName,
        Environment =
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Kestrel__Endpoints__Grpc__Url"] = "http://127.0.0.1:0",
            ["Kestrel__Endpoints__Http__Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings__Users"] = $"Data Source={Path.Combine(directory.FullName, "users.db")}",
        },
    };

    // The dotnet that runs this process, which need not be the first one in PATH.
    private static string DotnetHost() => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
