using System.Diagnostics;
using Users.Benchmarks.Load.Wire;
using Users.V1;

namespace Users.Benchmarks.Load;

/// <summary>CreateUsers: one stream, as fast as the server takes it.</summary>
internal static class IngestLoad
{
    /// <summary>The emails rise, behind those of earlier calls, or are random.</summary>
    public static Sample Measure(LoadTarget target, int users, bool isRandom)
    {
        using var connection = new RpcConnection(target.Address, LoadTarget.Path("CreateUsers"));
        Run(connection, users / 10, isRandom, _ => { });
        (TimeSpan cpu, long start) = (target.Process.CpuTime, Stopwatch.GetTimestamp());
        Run(connection, users, isRandom, _ => { });
        return new Sample(
            users / Stopwatch.GetElapsedTime(start).TotalSeconds, (target.Process.CpuTime - cpu).TotalMicroseconds / users);
    }

    public static void Fill(Uri address, int users)
    {
        using var connection = new RpcConnection(address, LoadTarget.Path("CreateUsers"));
        Run(connection, users, isRandom: false, _ => { });
    }

    /// <summary>Calls <paramref name="sending"/> with the number of each user that it is about to send.</summary>
    public static void Run(RpcConnection connection, int users, bool isRandom, Action<int> sending)
    {
        string prefix = $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}";
        bool ended = false;
        int created = 0;
        connection.OnMessage = (_, message) => created = CreateUsersResponse.Parser.ParseFrom(message).UserCount;
        connection.OnEnd = _ => ended = true;
        RpcStream stream = connection.Open();
        for (int i = 0; i < users; i++)
        {
            sending(i);
            string email = isRandom ? $"{Guid.NewGuid():n}@example.com" : $"{prefix}.{i:d9}@example.com";
            var request = new CreateUserRequest { Name = "Ada Lovelace", Email = email };
            while (!connection.TrySend(stream, request, last: i + 1 == users))
            {
                connection.Read();
            }
        }

        while (!ended)
        {
            connection.Read();
        }

        if (created != users)
        {
            throw new InvalidOperationException($"CreateUsers created {created} of {users} users.");
        }
    }
}
