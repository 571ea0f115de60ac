using Google.Protobuf.WellKnownTypes;
using Users.V1;

namespace Users.Client.Tour.Unary;

internal static class UpdateUserStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var request = new UpdateUserRequest
        {
            Id = tour.Ada.Id,
            Name = "Ada King, Countess of Lovelace",
            // Only what the mask names changes; FromString<T> checks the names against the message.
            UpdateMask = FieldMask.FromString<UpdateUserRequest>("name"),
            // The change is made only to the state that we have seen.
            Etag = tour.Ada.Etag,
        };
        tour.Sent(request);

        User user = await tour.Client.UpdateUserAsync(request, cancellationToken: cancellationToken);

        tour.Received(user);
        // A new state has a new etag: the next write needs this one.
        tour.Ada = user;
    }
}
