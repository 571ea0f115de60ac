namespace Grpc.AspNetCore.HealthChecks;

public sealed class GrpcHealthChecksOptions
{
    /// <summary>Which health checks tell the health of which service. All of them tell that of the empty name, the whole server.</summary>
    public ServiceMappingCollection Services { get; } = new();

    /// <summary>Answer with what was published last, instead of running the health checks for each call.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>Let watches go on when the application stops, instead of ending them with NOT_SERVING.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}
