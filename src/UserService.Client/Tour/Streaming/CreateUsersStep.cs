using System.Diagnostics;
using Grpc.Core;
using Users.Client.Connection;
using Users.V1;

namespace Users.Client.Tour.Streaming;

internal static class CreateUsersStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        int total = tour.ImportCount;
        long started = Stopwatch.GetTimestamp();
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> call =
            tour.Client.CreateUsers(cancellationToken: cancellationToken);

        tour.Sent($"{total} messages, the first: {Person(tour, 0)}");
        await tour.Screen.ProgressAsync(
            "importing", total, showDone => SendAsync(tour, call.RequestStream, showDone, cancellationToken));
        CreateUsersResponse answer = await call.ResponseAsync;

        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        tour.Received(answer);
        tour.Received($"{total} users in {elapsed.TotalSeconds:0.00} s, {total / elapsed.TotalSeconds:0} a second");
        // The status says that the call went well; which users did not is in the answer.
        foreach ((int position, Google.Rpc.Status failure) in answer.Failures)
        {
            tour.Received($"user {position}: {RpcFailure.NameOf((StatusCode)failure.Code)} {failure.Message}");
        }
    }

    private static async Task SendAsync(
        TourContext tour, IClientStreamWriter<CreateUserRequest> requests, Action<int> showDone, CancellationToken cancellationToken)
    {
        try
        {
            for (int i = 0; i < tour.ImportCount; i++)
            {
                // Waits when the server is behind: flow control is the only queue there is. One write at a time.
                await requests.WriteAsync(Person(tour, i), cancellationToken);
                showDone(i + 1);
            }

            // Half-close: without it the server waits for more, and the answer never comes.
            await requests.CompleteAsync();
        }
        catch (Exception e) when (EndedCall.ExplainsWrite(e))
        {
            // Not from here: the response says why.
        }
    }

    // The same request_ids in a second try would create nobody twice.
    private static CreateUserRequest Person(TourContext tour, int number) => new()
    {
        Name = $"Imported {number}",
        Email = tour.EmailOf($"imported-{number}"),
        RequestId = Guid.NewGuid().ToString(),
    };
}
