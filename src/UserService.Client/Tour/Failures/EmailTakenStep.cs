using Users.V1;

namespace Users.Client.Tour.Failures;

internal static class EmailTakenStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        User first = await tour.CreateHelperAsync("First Come", cancellationToken);

        var request = new CreateUserRequest
        {
            Name = "Second Come",
            Email = first.Email.ToUpperInvariant(),
            RequestId = Guid.NewGuid().ToString(),
        };
        tour.Sent(request);
        User user = await tour.Client.CreateUserAsync(request, cancellationToken: cancellationToken);

        tour.Received(user);
    }
}
