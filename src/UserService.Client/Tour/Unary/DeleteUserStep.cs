using Google.Protobuf.WellKnownTypes;
using Users.V1;

namespace Users.Client.Tour.Unary;

internal static class DeleteUserStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var request = new DeleteUserRequest { Id = tour.Ada.Id, Etag = tour.Ada.Etag };
        tour.Sent(request);

        Empty answer = await tour.Client.DeleteUserAsync(request, cancellationToken: cancellationToken);

        tour.Received(answer);
    }
}
