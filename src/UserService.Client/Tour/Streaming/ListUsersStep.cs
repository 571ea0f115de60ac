using Grpc.Core;
using Users.V1;

namespace Users.Client.Tour.Streaming;

internal static class ListUsersStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var request = new ListUsersRequest { PageSize = 5 };
        tour.Sent(request);

        using AsyncServerStreamingCall<User> call = tour.Client.ListUsers(request, cancellationToken: cancellationToken);
        await foreach (User user in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            tour.Received(user);
        }

        // Only a loop that ends without an exception has seen the whole answer: the stream's status comes last.
        tour.Received("trailers", call.GetTrailers());
    }
}
