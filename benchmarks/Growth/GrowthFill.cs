using Users.Benchmarks.Load;
using Users.Benchmarks.Load.Wire;

namespace Users.Benchmarks.Growth;

/// <summary>CreateUsers of most that a size lacks, in one stream.</summary>
internal static class GrowthFill
{
    /// <summary>How often <see cref="Run"/> says how far it is.</summary>
    public const int Steps = 10;

    public static void Run(LoadTarget target, int users, bool isRandom, Action<string> step, CancellationToken cancellationToken)
    {
        using var connection = new RpcConnection(target.Address, LoadTarget.Path("CreateUsers"));
        using CancellationTokenRegistration cancelled = cancellationToken.Register(connection.Dispose);
        int done = 0;
        IngestLoad.Run(connection, users, isRandom, number =>
        {
            if (number == (long)users * done / Steps)
            {
                step($"fill, {users:n0} users, {100 * done++ / Steps} %");
            }
        });
    }
}
