using Users.Benchmarks.Load;
using Users.Benchmarks.Load.Wire;
using Users.V1;

namespace Users.Benchmarks.Growth;

/// <summary>DeleteUser of users that were only made to measure.</summary>
internal static class GrowthDeletes
{
    private const int Streams = 50;

    public static void Run(LoadTarget target, IEnumerable<string> ids)
    {
        using var connection = new RpcConnection(target.Address, LoadTarget.Path("DeleteUser"));
        int open = 0;
        connection.OnEnd = _ => open--;
        foreach (string id in ids)
        {
            while (open == Streams)
            {
                connection.Read();
            }

            connection.Open(new DeleteUserRequest { Id = id }, last: true);
            open++;
        }

        while (open > 0)
        {
            connection.Read();
        }
    }
}
