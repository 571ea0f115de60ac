using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Users.Server.Guards;

/// <summary>
/// The keys of an issuer, as its OpenID Connect discovery names them: read at the start, after each interval, and when a token names a key
/// that is unknown. A change empties the cache of tokens, so that a withdrawn key signs for one interval more at most. Where the issuer does
/// not answer, its last keys stay.
/// </summary>
/// <remarks>In place of the library's own manager, which tells nobody of a change and judges the first token after its interval by the old keys.</remarks>
internal sealed partial class IssuerKeys(IssuerSettings issuer, TokenCache cache, TimeProvider time, ILogger<IssuerKeys> logger)
    : BackgroundService, IConfigurationManager<OpenIdConnectConfiguration>, IHealthCheck
{
    /// <summary>How long it waits at least between two reads: unknown keys are named by anybody.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private volatile OpenIdConnectConfiguration? _current;
    private volatile TaskCompletionSource _asked = NewSignal();

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        _current is { } current ? Task.FromResult(current) : throw new IssuerUnavailableException();

    public void RequestRefresh() => _asked.TrySetResult();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_current is null ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            _asked = NewSignal();
            TimeSpan next = await TryReadAsync(stoppingToken) ? issuer.Interval - Shortest : TimeSpan.Zero;
            await Task.Delay(Shortest, time, stoppingToken);
            using var asked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_asked.Task, Task.Delay(next, time, asked.Token));
            await asked.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            OpenIdConnectConfiguration read = await OpenIdConnectConfigurationRetriever.GetAsync(
                issuer.Metadata, new HttpDocumentRetriever(_http) { RequireHttps = issuer.RequireHttps }, cancellationToken);
            if (read.SigningKeys.Count == 0)
            {
                throw new InvalidOperationException("The issuer publishes no key to sign with.");
            }

            bool changed = _current is null || !KeysOf(_current).SetEquals(KeysOf(read));
            _current = read;
            if (changed)
            {
                cache.Clear();
                Log.Changed(logger, read.SigningKeys.Count, issuer.Metadata);
            }

            return true;
        }
        catch (Exception error)
        {
            // At the server's end a read is cut short, which is of no interest.
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.NotRead(logger, issuer.Metadata, _current is null ? "no token is accepted" : "the last ones stay", error);
            }

            return false;
        }
    }

    // By what they are: an issuer may give another key an old name.
    private static HashSet<string> KeysOf(OpenIdConnectConfiguration configuration) =>
        [.. configuration.SigningKeys.Select(key => Convert.ToHexString(key.ComputeJwkThumbprint()))];

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Tokens are judged by {Count} keys of {Metadata}")]
        public static partial void Changed(ILogger logger, int count, string metadata);

        [LoggerMessage(2, LogLevel.Warning, "The keys of the tokens' issuer cannot be read from {Metadata}: {Effect}")]
        public static partial void NotRead(ILogger logger, string metadata, string effect, Exception error);
    }
}

/// <summary>No token can be judged yet: the issuer has not told its keys.</summary>
internal sealed class IssuerUnavailableException() : SecurityTokenException("The issuer's keys are not known yet.");
