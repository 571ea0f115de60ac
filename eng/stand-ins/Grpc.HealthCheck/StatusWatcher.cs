using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>One who watches a service. Who reads slowly misses what is out of date by the time it is read.</summary>
internal sealed class StatusWatcher(string service)
{
    private readonly Channel<ServingStatus> _statuses =
        Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public string Service { get; } = service;

    public bool HasNews => _statuses.Reader.Count > 0;

    public void Tell(ServingStatus status) => _statuses.Writer.TryWrite(status);

    public void Complete() => _statuses.Writer.TryComplete();

    /// <summary>The one loop that writes to this watcher's stream: each status that differs from the one before.</summary>
    public async Task CopyToAsync(IServerStreamWriter<HealthCheckResponse> stream, CancellationToken cancellationToken)
    {
        ServingStatus? last = null;
        await foreach (ServingStatus status in _statuses.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (status != last)
            {
                await stream.WriteAsync(new HealthCheckResponse { Status = status }, cancellationToken).ConfigureAwait(false);
                last = status;
            }
        }
    }
}
