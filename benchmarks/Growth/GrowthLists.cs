using System.Diagnostics;
using Users.Benchmarks.Load;
using Users.Benchmarks.Load.Wire;
using Users.V1;

namespace Users.Benchmarks.Growth;

/// <summary>ListUsers of all users, with the memory for a part of their ids.</summary>
internal static class GrowthLists
{
    private const int Firsts = 21;
    private const int MostIds = 100_000;

    /// <summary>The median milliseconds to the first user of lists that are left then.</summary>
    public static Sample First(LoadTarget target)
    {
        var milliseconds = new double[Firsts];
        for (int i = 0; i < Firsts; i++)
        {
            using var connection = new RpcConnection(target.Address, LoadTarget.Path("ListUsers"));
            // A connection that is there, as a client has it.
            ListLoad.List(connection, new ListUsersRequest { PageSize = 1 }, (_, _) => { });
            double? first = null;
            connection.OnMessage = (stream, _) => first ??= Stopwatch.GetElapsedTime(stream.Opened).TotalMilliseconds;
            connection.Open(new ListUsersRequest(), last: true);
            while (first is null)
            {
                connection.Read();
            }

            milliseconds[i] = first.Value;
        }

        return new Sample(Figures.Median(milliseconds, one => one));
    }

    /// <summary>Whole lists until the time is over. Keeps the ids of users from all over the table.</summary>
    public static Sample All(LoadTarget target, int users, TimeSpan time, CancellationToken cancellationToken)
    {
        using var connection = new RpcConnection(target.Address, LoadTarget.Path("ListUsers"));
        using CancellationTokenRegistration cancelled = cancellationToken.Register(connection.Dispose);
        int every = ((users - 1) / MostIds) + 1;
        long listed = 0;
        (TimeSpan cpu, long start) = (target.Process.CpuTime, Stopwatch.GetTimestamp());
        do
        {
            var ids = new List<string>();
            int count = 0;
            ListLoad.List(connection, new ListUsersRequest(), (_, user) =>
            {
                if (count++ % every == 0)
                {
                    ids.Add(UnaryLoad.IdOf(user));
                }
            });
            if (count != users)
            {
                throw new InvalidOperationException($"A list has {count} of {users} users.");
            }

            target.UserIds = [.. ids];
            listed += count;
        }
        while (Stopwatch.GetElapsedTime(start) < time);

        return new Sample(
            listed / Stopwatch.GetElapsedTime(start).TotalSeconds, (target.Process.CpuTime - cpu).TotalMicroseconds / listed);
    }
}
