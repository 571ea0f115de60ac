using Grpc.Core;
using Users.V1;

namespace Users.Benchmarks.Hold;

internal static class Uploads
{
    /// <summary>Held while all is sent, and no upload is ended.</summary>
    public static async Task<string> RefusedAsync(HoldSession session)
    {
        string name = new('x', 60_000);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(session, i => new CreateUserRequest { Name = name, Email = $"{i}" }, 2_000)));
        return "";
    }

    public static async Task<string> ValidAsync(HoldSession session)
    {
        string name = new('x', 150);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(upload => SendAsync(
            session, i => new CreateUserRequest { Name = name, Email = $"{upload}.{i}@example.com" }, 8_000)));
        return "";
    }

    private static async Task SendAsync(HoldSession session, Func<int, CreateUserRequest> user, int count)
    {
        AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> call = session.Keep(session.Connect().CreateUsers());
        for (int i = 0; i < count; i++)
        {
            await call.RequestStream.WriteAsync(user(i));
        }
    }
}
