using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Users.Server.Hosting;

/// <summary>
/// Takes up renewed certificates: every 5 s it compares the contents of their files, so certificate and key may come in either order,
/// and by a symbolic link that is swapped. New connections get the new certificate; open ones, and their streams, stay.
/// </summary>
internal sealed partial class Certificates(
    IConfiguration configuration, IHostEnvironment environment, IServiceProvider services, TimeProvider time, ILogger<Certificates> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IConfigurationSection _section = configuration.GetSection("Kestrel");
    private readonly ConcurrentDictionary<string, SslStreamCertificateContext> _renewed = new(StringComparer.OrdinalIgnoreCase);
    // As of the construction: before Kestrel reads the files, and before anything can change the settings.
    private readonly WatchedFiles _files = new(Files(configuration, environment));

    /// <summary>Lets an endpoint show the latest certificate.</summary>
    public void Follow(string endpoint, HttpsConnectionAdapterOptions https) => https.OnAuthenticate = (_, handshake) =>
    {
        if (_renewed.TryGetValue(endpoint, out SslStreamCertificateContext? certificate))
        {
            handshake.ServerCertificateContext = certificate;
        }
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_files.IsEmpty)
        {
            return;
        }

        // Ends without an exception: where the start fails, the host takes this service's cancellation for a failure of it.
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_files.HaveChanged())
            {
                Renew();
            }
        }
    }

    private void Renew()
    {
        try
        {
            // Never bound: it reads the files as Kestrel's own start did.
            var scratch = new KestrelServerOptions { ApplicationServices = services };
            var endpoints = new Dictionary<string, HttpsConnectionAdapterOptions>();
            var loader = scratch.Configure(_section, reloadOnChange: false);
            foreach (IConfigurationSection endpoint in _section.GetSection("Endpoints").GetChildren())
            {
                loader.Endpoint(endpoint.Key, found =>
                {
                    if (found.IsHttps)
                    {
                        endpoints[endpoint.Key] = found.HttpsOptions;
                    }
                });
            }

            loader.Load();
            foreach ((string endpoint, HttpsConnectionAdapterOptions https) in endpoints)
            {
                if (https.ServerCertificate is { } certificate)
                {
                    _renewed[endpoint] = SslStreamCertificateContext.Create(certificate, https.ServerCertificateChain);
                    Log.Renewed(logger, endpoint, certificate.NotAfter.ToUniversalTime());
                }
            }
        }
        catch (Exception exception)
        {
            // The other file of the pair may be on its way.
            Log.Refused(logger, exception);
        }
    }

    private static string[] Files(IConfiguration configuration, IHostEnvironment environment) =>
    [
        .. from setting in configuration.GetSection("Kestrel").AsEnumerable()
           where setting.Value is not null
           where setting.Key.EndsWith(":Path", StringComparison.OrdinalIgnoreCase) || setting.Key.EndsWith(":KeyPath", StringComparison.OrdinalIgnoreCase)
           select Path.Combine(environment.ContentRootPath, setting.Value),
    ];

    private sealed class WatchedFiles(string[] files)
    {
        private string _seen = ContentOf(files);

        public bool IsEmpty => files.Length == 0;

        /// <summary>Since the construction, or since the last time that this was asked.</summary>
        public bool HaveChanged()
        {
            string before = _seen;
            _seen = ContentOf(files);
            return _seen != before;
        }

        private static string ContentOf(string[] files) => string.Join(' ', files.Select(ContentOf));

        private static string ContentOf(string file)
        {
            try
            {
                return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return error.GetType().Name;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Endpoint} has a new certificate, valid until {Until:u}")]
        public static partial void Renewed(ILogger logger, string endpoint, DateTimeOffset until);

        [LoggerMessage(2, LogLevel.Warning, "A certificate's files have changed and do not fit: connections get the one before")]
        public static partial void Refused(ILogger logger, Exception exception);
    }
}
