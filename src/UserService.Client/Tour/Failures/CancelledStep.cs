using Grpc.Core;
using Users.V1;

namespace Users.Client.Tour.Failures;

internal static class CancelledStep
{
    private const int Enough = 3;

    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var request = new ListUsersRequest();
        tour.Sent($"{request}, all users");

        // A source of its own, linked to the caller's: either of them ends the call.
        using var hadEnough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using AsyncServerStreamingCall<User> call = tour.Client.ListUsers(request, cancellationToken: hadEnough.Token);
        int received = 0;
        await foreach (User user in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            tour.Received(user);
            if (++received == Enough)
            {
                // Leaving the loop and disposing of the call cancels it too; this shows what the loop then sees.
                await hadEnough.CancelAsync();
            }
        }
    }
}
