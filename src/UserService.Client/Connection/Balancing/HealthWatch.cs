using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Users.V1;

namespace Users.Client.Connection.Balancing;

/// <summary>
/// What a server says of itself by grpc.health.v1, watched for as long as this lives. A watch that ends is begun again, and what it said last
/// holds until then.
/// </summary>
internal sealed class HealthWatch : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly GrpcChannel _channel;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private volatile bool _isServing = true;

    /// <param name="channel">To the one server; ends with this.</param>
    /// <param name="time">Waits.</param>
    public HealthWatch(GrpcChannel channel, TimeProvider time)
    {
        (_channel, _time) = (channel, time);
        _ = RunAsync(_ended.Token);
    }

    /// <summary>False when the server said that it does not serve. One that has said nothing yet, or does not speak of its health, may serve.</summary>
    public bool IsServing => _isServing;

    public void Dispose()
    {
        _ended.Cancel();
        _channel.Dispose();
        _ended.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var health = new Health.HealthClient(_channel);
        try
        {
            while (await WatchAsync(health, cancellationToken))
            {
                await Task.Delay(RetryInterval, _time, cancellationToken);
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or RpcException)
        {
            // Nobody asks any more.
        }
    }

    /// <returns>Whether to watch again.</returns>
    private async Task<bool> WatchAsync(Health.HealthClient health, CancellationToken cancellationToken)
    {
        try
        {
            using AsyncServerStreamingCall<HealthCheckResponse> watch = health.Watch(
                new HealthCheckRequest { Service = UserService.Descriptor.FullName }, cancellationToken: cancellationToken);
            await foreach (HealthCheckResponse answer in watch.ResponseStream.ReadAllAsync(cancellationToken))
            {
                _isServing = answer.Status is HealthCheckResponse.Types.ServingStatus.Serving;
            }
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            return e.StatusCode is not StatusCode.Unimplemented;
        }

        return true;
    }
}
