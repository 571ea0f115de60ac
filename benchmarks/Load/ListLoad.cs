using System.Diagnostics;
using Users.Benchmarks.Load.Wire;
using Users.V1;

namespace Users.Benchmarks.Load;

/// <summary>ListUsers, whole lists one after the other.</summary>
internal static class ListLoad
{
    /// <summary>The first list, from a server that has not listed before: milliseconds until its first user. Keeps the ids.</summary>
    public static Sample First(LoadTarget target)
    {
        using var connection = new RpcConnection(target.Address, LoadTarget.Path("ListUsers"));
        var ids = new List<string>();
        double milliseconds = 0;
        List(connection, new ListUsersRequest(), (stream, user) =>
        {
            milliseconds = ids.Count == 0 ? Stopwatch.GetElapsedTime(stream.Opened).TotalMilliseconds : milliseconds;
            ids.Add(User.Parser.ParseFrom(user).Id);
        });
        target.UserIds = [.. ids];
        return new Sample(milliseconds);
    }

    public static async Task<Sample> MeasureAsync(LoadTarget target, TimeSpan time, CancellationToken cancellationToken)
    {
        var run = new LoadRun();
        return await run.MeasureAsync(target.Process, time, [Loop], cancellationToken);

        void Loop()
        {
            using var connection = new RpcConnection(target.Address, LoadTarget.Path("ListUsers"));
            while (!run.IsEnded)
            {
                int count = 0;
                List(connection, new ListUsersRequest(), (_, _) =>
                {
                    count++;
                    run.Add(1);
                });
                if (count < target.UserIds.Length)
                {
                    throw new InvalidOperationException($"A list has {count} of {target.UserIds.Length} users.");
                }
            }
        }
    }

    /// <summary>One list, to its end.</summary>
    public static void List(RpcConnection connection, ListUsersRequest request, Action<RpcStream, ReadOnlySpan<byte>> handler)
    {
        bool ended = false;
        connection.OnMessage = handler;
        connection.OnEnd = _ => ended = true;
        connection.Open(request, last: true);
        while (!ended)
        {
            connection.Read();
        }
    }
}
