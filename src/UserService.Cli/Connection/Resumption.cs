using System.Globalization;
using System.Net.Sockets;
using Grpc.Core;
using Users.Client.Connection;

namespace Users.Cli.Connection;

/// <summary>
/// When a stream that broke is continued: after a wait that doubles from <see cref="FirstDelay"/> to <see cref="LongestDelay"/>,
/// drawn at random below that, so that the clients of a restarted server do not come back all at once. Where it goes on is its
/// caller's business.
/// </summary>
/// <param name="time">Waits.</param>
/// <param name="random">Draws.</param>
/// <param name="token">Where a fresh token may come from when one expires in mid-stream.</param>
internal sealed class Resumption(TimeProvider time, Random random, TokenSource? token = null)
{
    /// <summary>How often it is tried in a row without progress: about a minute, two at most.</summary>
    public const int MaxTries = 15;

    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <summary>Whatever is drawn: a server needs a moment to notice that a connection is gone, and drops what waits there.</summary>
    public static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(0.25);

    private int _tries;

    public TimeProvider Time { get; } = time;

    /// <summary>Whether the call lost its server or its connection, or was asked to wait, rather than being answered.</summary>
    public static bool IsBreak(RpcException exception) => exception.StatusCode switch
    {
        // An open connection that is refused, reset or closed, and a server that says so itself.
        StatusCode.Unavailable => true,
        // The service answers it to a client that went away: a client that is still here was cut off. So ask first whether this one left by itself.
        StatusCode.Cancelled => true,
        _ when IsLimit(exception) => true,
        // A reset stream has the code of its RST_STREAM, such as INTERNAL; the exception tells it from the service's own answer.
        _ => exception.Status.DebugException is IOException or HttpRequestException,
    };

    /// <summary>Whether the service lives but limits its callers, and says when to come again.</summary>
    public static bool IsLimit(RpcException exception) =>
        exception.StatusCode is StatusCode.ResourceExhausted && RpcFailure.Read(exception).RetryDelay is not null;

    public static bool IsExpiry(RpcException exception) =>
        exception.StatusCode is StatusCode.Unauthenticated && RpcFailure.Read(exception).Reason is RpcFailure.TokenExpired;

    /// <summary>Something came that will not have to come again.</summary>
    public void Progressed() => _tries = 0;

    public bool CanFollow(RpcException exception) =>
        _tries < MaxTries && (IsBreak(exception) || (IsExpiry(exception) && token is { CanRenew: true }));

    /// <summary>How long to wait before the next try; what the server asks for is the least.</summary>
    public TimeSpan NextDelay(RpcException exception)
    {
        if (IsExpiry(exception))
        {
            token?.Expire();
        }

        TimeSpan most = FirstDelay * Math.Pow(2, _tries++);
        TimeSpan drawn = (most < LongestDelay ? most : LongestDelay) * random.NextDouble();
        return new[] { drawn, ShortestDelay, RpcFailure.Read(exception).RetryDelay ?? TimeSpan.Zero }.Max();
    }

    /// <summary>What happened, and what happens next, as a sentence.</summary>
    public static string Announce(RpcException exception, string next, TimeSpan delay)
    {
        string what = exception.Status.DebugException switch
        {
            null when IsExpiry(exception) => "The token expired",
            null when IsLimit(exception) => "The server asks to wait",
            null => "The server is not available",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException =>
                "The server cannot be reached",
            _ => "The connection broke",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{what}; {next} in {delay.TotalSeconds:0.0} s...");
    }

    public Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, Time, cancellationToken);
}
