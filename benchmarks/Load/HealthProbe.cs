using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Users.Benchmarks.Load.Wire;

namespace Users.Benchmarks.Load;

/// <summary>Asks grpc.health.v1 until it says SERVING.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static void WaitUntilServing(Uri address)
    {
        using var connection = new RpcConnection(address, "/grpc.health.v1.Health/Check");
        long start = Stopwatch.GetTimestamp();
        bool isServing = false;
        bool ended = true;
        // HealthCheckResponse.status = SERVING.
        connection.OnMessage = (_, message) => isServing = message.SequenceEqual((ReadOnlySpan<byte>)[0x08, 0x01]);
        connection.OnEnd = _ => ended = true;
        while (!isServing || !ended)
        {
            if (ended && Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"{address} does not say that it is SERVING.");
            }

            if (ended)
            {
                ended = false;
                // A request without fields, as the server's own health has it.
                connection.Open(new Empty(), last: true);
            }

            connection.Read();
        }
    }
}
