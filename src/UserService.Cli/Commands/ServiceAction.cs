using System.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;
using Users.Cli.Connection;
using Users.Cli.Output;
using Users.Client.Connection;
using Users.Client.Output;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary>Makes the action of a command that calls the service: with a client for it, a report, and the guard around.</summary>
internal sealed class ServiceAction(TargetOptions options, Screen screen)
{
    public Func<ParseResult, CancellationToken, Task<int>> Of(Func<ParseResult, Session, CancellationToken, Task<int>> run) =>
        (parsed, cancellationToken) =>
        {
            Target target = options.Read(parsed, cancellationToken);
            return CommandGuard.RunAsync(screen, target, RunAsync, cancellationToken);

            async Task<int> RunAsync()
            {
                await target.PrepareAsync(cancellationToken);
                using GrpcChannel channel = target.OpenChannel();
                var session = new Session(
                    channel.CreateClient(target.Deadline),
                    target,
                    screen,
                    new Report(screen, target.Json),
                    new Resumption(TimeProvider.System, Random.Shared, target.Token));
                return await run(parsed, session, cancellationToken);
            }
        };

    /// <summary>What a command works with.</summary>
    internal sealed record Session(
        UserService.UserServiceClient Client, Target Target, Screen Screen, Report Report, Resumption Resumption)
    {
        /// <summary>Waits before a stream that broke goes on, and says so.</summary>
        public Task WaitAsync(RpcException failure, string next, CancellationToken cancellationToken)
        {
            TimeSpan delay = Resumption.NextDelay(failure);
            Report.Note(Resumption.Announce(failure, next, delay));
            return Resumption.WaitAsync(delay, cancellationToken);
        }
    }
}
