using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Runs the health checks when asked, unless the options say to answer what was published last.</summary>
internal sealed class HealthChecksService(
    HealthServiceImpl published, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options) : Health.V1.Health.HealthBase
{
    private GrpcHealthChecksOptions Options => options.Value;

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        FindToRun(request.Service) is { } mapping
            ? new HealthCheckResponse { Status = await RunAsync(mapping, context.CancellationToken).ConfigureAwait(false) }
            : await published.Check(request, context).ConfigureAwait(false);

    public override async Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        if (Options.UseHealthChecksCache)
        {
            return await published.List(request, context).ConfigureAwait(false);
        }

        HealthReport report = await checks.CheckHealthAsync(context.CancellationToken).ConfigureAwait(false);
        return HealthServiceImpl.Listed(Options.Services.ToDictionary(mapping => mapping.Name, mapping => mapping.StatusOf(report)));
    }

    public override Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context) =>
        FindToRun(request.Service) is { } mapping
            ? published.WatchAsync(request.Service, () => RunAsync(mapping, context.CancellationToken), responseStream, context.CancellationToken)
            : published.Watch(request, responseStream, context);

    private ServiceMapping? FindToRun(string service) =>
        !Options.UseHealthChecksCache && Options.Services.TryGet(service, out ServiceMapping? mapping) ? mapping : null;

    private async Task<ServingStatus> RunAsync(ServiceMapping mapping, CancellationToken cancellationToken) =>
        mapping.StatusOf(await checks.CheckHealthAsync(
            check => mapping.HealthCheckPredicate(new HealthCheckMapContext(check.Name, check.Tags)), cancellationToken).ConfigureAwait(false));
}
