using Grpc.Core;
using Users.V1;

namespace Users.Client.Tour.Failures;

internal static class DeadlineStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        User listener = await tour.FindSpeakerAsync("Listener", cancellationToken);

        // A moment in UTC, not a duration: it covers the call from end to end and travels with it as grpc-timeout.
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime + Patience;
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call =
            tour.Client.ChatUsers(deadline: deadline, cancellationToken: cancellationToken);

        // Without text it only joins, and in a room of its own nobody ever speaks: the deadline is sure to pass.
        var join = new ChatMessage { UserId = listener.Id, Room = $"silence-{tour.Tag}" };
        tour.Sent($"{join}, deadline in {Patience.TotalSeconds} s");
        await call.RequestStream.WriteAsync(join, cancellationToken);
        await foreach (ChatMessage message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            tour.Received(message);
        }
    }
}
