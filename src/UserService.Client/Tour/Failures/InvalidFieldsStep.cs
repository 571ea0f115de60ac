using Users.V1;

namespace Users.Client.Tour.Failures;

internal static class InvalidFieldsStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var request = new CreateUserRequest { Name = " ", Email = "not an address", RequestId = Guid.NewGuid().ToString() };
        tour.Sent(request);

        // Throws an RpcException; RpcFailure shows how the violations are read from it.
        User user = await tour.Client.CreateUserAsync(request, cancellationToken: cancellationToken);

        tour.Received(user);
    }
}
