using Grpc.Core;
using Users.V1;

namespace Users.Client.Tour.Unary;

internal static class CreateUserStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var request = new CreateUserRequest
        {
            Name = "Ada Lovelace",
            Email = tour.EmailOf("ada"),
            // Drawn once and sent again with each retry: the server creates one user, however often it is asked.
            RequestId = Guid.NewGuid().ToString(),
        };
        tour.Sent(request);

        // The long form of a unary call, for when the metadata matters; the next steps use the short one.
        using AsyncUnaryCall<User> call = tour.Client.CreateUserAsync(request, cancellationToken: cancellationToken);
        Metadata headers = await call.ResponseHeadersAsync;
        User user = await call.ResponseAsync;
        Metadata trailers = call.GetTrailers();

        tour.Received("headers", headers);
        tour.Received(user);
        tour.Received("trailers", trailers);
        tour.Ada = user;
    }
}
