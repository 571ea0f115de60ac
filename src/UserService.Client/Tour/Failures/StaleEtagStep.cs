using Users.V1;

namespace Users.Client.Tour.Failures;

internal static class StaleEtagStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        User seen = await tour.CreateHelperAsync("Before", cancellationToken);
        var faster = new UpdateUserRequest { Id = seen.Id, Name = "Changed by somebody else", Etag = seen.Etag };
        tour.Sent(faster);
        tour.Received(await tour.Client.UpdateUserAsync(faster, cancellationToken: cancellationToken));

        // Based on a state that is gone: nothing is written, so the other change is not lost.
        var request = new UpdateUserRequest { Id = seen.Id, Name = "Changed by us", Etag = seen.Etag };
        tour.Sent(request);
        User user = await tour.Client.UpdateUserAsync(request, cancellationToken: cancellationToken);

        tour.Received(user);
    }
}
