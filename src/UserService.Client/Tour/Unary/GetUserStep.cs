using Users.V1;

namespace Users.Client.Tour.Unary;

internal static class GetUserStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var request = new GetUserRequest { Id = tour.Ada.Id };
        tour.Sent(request);

        // Any unary call through this client has a deadline (see DefaultDeadline); an explicit one would win.
        User user = await tour.Client.GetUserAsync(request, cancellationToken: cancellationToken);

        tour.Received(user);
    }
}
