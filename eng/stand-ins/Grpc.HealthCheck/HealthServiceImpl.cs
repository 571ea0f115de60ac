using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>Keeps the status of each service, and tells those who watch it when it changes.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    /// <summary>The protocol's limit of List.</summary>
    private const int MaxListed = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly HashSet<StatusWatcher> _watchers = [];
    private bool _stopped;

    public void SetStatus(string service, ServingStatus status)
    {
        lock (_lock)
        {
            _statuses[service] = status;
            Tell(watcher => watcher.Service == service, status);
        }
    }

    public void ClearStatus(string service)
    {
        lock (_lock)
        {
            _statuses.Remove(service);
            Tell(watcher => watcher.Service == service, ServingStatus.ServiceUnknown);
        }
    }

    public void ClearAll()
    {
        lock (_lock)
        {
            _statuses.Clear();
            Tell(_ => true, ServingStatus.ServiceUnknown);
        }
    }

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            return _statuses.TryGetValue(request.Service, out ServingStatus status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, "There is no such service."));
        }
    }

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            return Task.FromResult(Listed(_statuses));
        }
    }

    public override Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context) =>
        WatchAsync(request.Service, () => Task.FromResult(Current(request.Service)), responseStream, context.CancellationToken);

    internal static HealthListResponse Listed(IReadOnlyDictionary<string, ServingStatus> statuses)
    {
        if (statuses.Count > MaxListed)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"There are more than {MaxListed} services."));
        }

        HealthListResponse response = new();
        foreach ((string service, ServingStatus status) in statuses)
        {
            response.Statuses[service] = new HealthCheckResponse { Status = status };
        }

        return response;
    }

    /// <summary>Listens to changes before it asks for the status to begin with: a change that comes meanwhile is newer.</summary>
    internal async Task WatchAsync(
        string service, Func<Task<ServingStatus>> first, IServerStreamWriter<HealthCheckResponse> responseStream, CancellationToken cancellationToken)
    {
        StatusWatcher watcher = Subscribe(service);
        try
        {
            Begin(watcher, await first().ConfigureAwait(false));
            await watcher.CopyToAsync(responseStream, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The usual end of a watch: its client has gone.
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    /// <summary>Ends every watch, those to come too, with NOT_SERVING as its last word.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Tell(_ => true, ServingStatus.NotServing);
            foreach (StatusWatcher watcher in _watchers)
            {
                watcher.Complete();
            }
        }
    }

    private ServingStatus Current(string service)
    {
        lock (_lock)
        {
            return _statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown);
        }
    }

    private StatusWatcher Subscribe(string service)
    {
        StatusWatcher watcher = new(service);
        lock (_lock)
        {
            _watchers.Add(watcher);
            if (_stopped)
            {
                watcher.Tell(ServingStatus.NotServing);
                watcher.Complete();
            }
        }

        return watcher;
    }

    private void Begin(StatusWatcher watcher, ServingStatus status)
    {
        lock (_lock)
        {
            if (!watcher.HasNews)
            {
                watcher.Tell(status);
            }
        }
    }

    private void Tell(Predicate<StatusWatcher> whom, ServingStatus status)
    {
        foreach (StatusWatcher watcher in _watchers)
        {
            if (whom(watcher))
            {
                watcher.Tell(status);
            }
        }
    }
}
