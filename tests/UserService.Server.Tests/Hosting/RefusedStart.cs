using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Users.Server.Tests.Hosting;

/// <summary>A server in this process that does not start.</summary>
internal static class RefusedStart
{
    /// <summary>Asserts that it does not start with these settings, and answers what the exception says.</summary>
    public static async Task<string> SentenceAsync(params string[] settings)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("users-server-tests-");
        try
        {
            Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(
            [
                "--environment=Production",
                "--Security:RequireTls=false",
                "--Security:RequireTokens=false",
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                $"--ConnectionStrings:Users=Data Source={Path.Combine(folder.FullName, "users.db")}",
                .. settings,
            ]));
            return refusal.Message;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string[] settings)
    {
        await using WebApplication server = Program.Build(settings, builder => builder.Logging.ClearProviders());
        await server.StartAsync(TestContext.Current.CancellationToken);
    }
}
