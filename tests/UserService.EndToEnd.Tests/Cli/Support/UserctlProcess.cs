using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Cli.Support;

/// <summary>userctl as a process, in pipes.</summary>
internal static class UserctlProcess
{
    /// <summary>The program of the commands, for <see cref="ChildProcess"/>.</summary>
    public static string Dll { get; } = ChildProcess.Program("UserService.Cli", "userctl");

    /// <param name="address">The server, or what stands before it.</param>
    /// <param name="arguments">The command and its options.</param>
    public static ChildProcess Start(string address, params string[] arguments) => new(Dll, arguments, [$"USERS_ADDRESS={address}"]);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<ChildProcess> RunAsync(string address, params string[] arguments)
    {
        ChildProcess client = Start(address, arguments);
        client.Input.Close();
        await client.EndAsync();
        return client;
    }
}
