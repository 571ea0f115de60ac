using Users.V1;

namespace Users.Client.Tour.Failures;

internal static class UserNotFoundStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        // A well-formed id that the server never gave to anybody.
        var request = new GetUserRequest { Id = Guid.NewGuid().ToString() };
        tour.Sent(request);

        User user = await tour.Client.GetUserAsync(request, cancellationToken: cancellationToken);

        tour.Received(user);
    }
}
