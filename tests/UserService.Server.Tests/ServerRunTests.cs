using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Users.Server.Hosting;
using Users.Server.Tests.Support;

namespace Users.Server.Tests;

/// <summary>How the server ends: a setting that it cannot start with is one sentence, a bug keeps its exception, and only an orderly end is 0.</summary>
public sealed class ServerRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-run-tests-");
    private readonly StringWriter _error = new();
    private readonly LogCapture _log = new();

    public void Dispose()
    {
        _error.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_stop_that_was_asked_for_is_0()
    {
        Assert.Equal(0, await RunAsync(services => services.AddHostedService(provider => new Starting(() => Stop(provider)))));

        Assert.Equal("", _error.ToString());
        _log.AssertNoUnexpectedError();
    }

    [Fact]
    public async Task A_background_service_that_throws_ends_the_server_with_1_and_is_logged()
    {
        Assert.Equal(1, await RunAsync(services => services.AddHostedService(_ => new Background(_ => throw new IOException("lost")))));

        LogLine line = Assert.Single(_log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal("lost", line.Exception?.Message);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_service_that_cannot_be_made_is_told_with_its_exception(string environment)
    {
        Assert.Equal(1, await RunAsync(services => services.AddSingleton<IHostedService, Incomplete>(), [$"--environment={environment}"]));

        Assert.StartsWith("UserService.Server has failed: System.", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Unable to resolve service for type 'System.Version'", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    // By type some of these are what a wrong setting raises.
    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(System.Net.Sockets.SocketException))]
    [InlineData(typeof(System.Security.Cryptography.CryptographicException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_service_that_cannot_start_is_told_with_its_exception(Type exception)
    {
        Assert.Equal(1, await RunAsync(services => services.AddHostedService(_ => new Starting(() => throw (Exception)Activator.CreateInstance(exception)!))));

        Assert.StartsWith($"UserService.Server has failed: {exception}", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(Starting), _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_cannot_stop_is_told_with_its_exception()
    {
        Assert.Equal(1, await RunAsync(services => services.AddHostedService(provider => new Starting(() => Stop(provider), () => throw new IOException("stuck")))));

        Assert.Contains("stuck", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cannot start", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_a_signal_cancels_is_0()
    {
        Assert.Equal(0, await RunAsync(services => services.AddHostedService(_ => new Starting(() => throw new OperationCanceledException())), [], isSignalled: true));

        Assert.Equal("", _error.ToString());
    }

    [Theory]
    [InlineData("--Limits:MaxCommit=0", "Limits:MaxCommit must be 1 to 100000.")]
    [InlineData("--Limits:MaxComit=1", "Limits:MaxComit is not a setting: take it out, or correct its name.")]
    [InlineData("--Limits:MaxCommit=many", "Limits:MaxCommit cannot be 'many': write it like 1000.")]
    [InlineData("--Limits:MaxCommit:Deep=1", "Limits:MaxCommit:Deep is not a setting: take it out, or correct its name.")]
    public async Task A_wrong_setting_is_one_sentence(string setting, string sentence)
    {
        Assert.Equal(1, await RunAsync(_ => { }, [setting]));

        Assert.Equal($"UserService.Server cannot start: {sentence}{Environment.NewLine}", _error.ToString());
        Assert.DoesNotContain(_log.Lines, line => line.Level >= LogLevel.Error);
    }

    // Of a setting that code changes after it was read.
    [Fact]
    public async Task A_wrong_option_is_one_sentence()
    {
        Assert.Equal(1, await RunAsync(services => services.PostConfigure<Server.Settings.Limits>(limits => limits.MaxCommit = 0)));

        Assert.Equal($"UserService.Server cannot start: Limits:MaxCommit must be 1 to 100000.{Environment.NewLine}", _error.ToString());
    }

    private static Task Stop(IServiceProvider provider)
    {
        IHostApplicationLifetime lifetime = provider.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        return Task.CompletedTask;
    }

    private Task<int> RunAsync(Action<IServiceCollection> configure, string[]? settings = null, bool isSignalled = false) => ServerRun.ToEndAsync(
        () => Program.Build(
            [
                "--environment=Production",
                "--Security:RequireTls=false",
                "--Security:RequireTokens=false",
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                $"--ConnectionStrings:Users=Data Source={Path.Combine(_folder.FullName, "users.db")}",
                "--Limits:DrainWindow=00:00:00",
                .. settings ?? [],
            ],
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(_log);
                configure(builder.Services);
            }),
        () => isSignalled,
        _error);

    private sealed class Background(Func<CancellationToken, Task> run) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }

    private sealed class Starting(Func<Task> start, Func<Task>? stop = null) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start();

        public Task StopAsync(CancellationToken cancellationToken) => stop?.Invoke() ?? Task.CompletedTask;
    }

    private sealed class Incomplete(Version missing) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(missing);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
