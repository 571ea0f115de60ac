using Grpc.Core;
using Users.V1;

namespace Users.EndToEnd.Tests.Killing;

/// <summary>A client that sends one stream of new users after another. At most one stream is unanswered when the server dies.</summary>
internal sealed class ImportLoad(Random random)
{
    // So many at a time does CreateUsers commit.
    private const int Batch = 1_000;

    private readonly List<User> _seen = [];
    private readonly List<CreateUserRequest> _answered = [];
    private IReadOnlyList<CreateUserRequest> _unanswered = [];

    public async Task RunAsync(UserService.UserServiceClient client, Acknowledgements acknowledgements, CancellationToken cancellationToken)
    {
        while (true)
        {
            int count = random.Next(8) == 0 ? random.Next(Batch, 2 * Batch) : random.Next(1, Batch / 10);
            _unanswered = [.. Enumerable.Range(0, count).Select(_ => Requested.User())];
            Assert.Equal(new CreateUsersResponse { UserCount = count }, await SendAsync(client, cancellationToken));
            _answered.AddRange(_unanswered);
            _unanswered = [];
            acknowledgements.Add();
        }
    }

    /// <summary>
    /// Checks that the users of every answered stream are there, each once, and those of the unanswered one in whole batches; sent
    /// again, it adds what was missing.
    /// </summary>
    public async Task CheckAsync(UserService.UserServiceClient client, FoundUsers found, CancellationToken cancellationToken)
    {
        User[] landed = [.. _unanswered.Select(found.Find).TakeWhile(user => user is not null)!];
        Assert.True(
            landed.Length % Batch == 0 || landed.Length == _unanswered.Count, $"{landed.Length} of {_unanswered.Count} users are there.");
        _seen.AddRange(_answered.Select(found.Find)!);
        _seen.AddRange(landed);
        found.Take(_seen);
        _answered.Clear();
        if (_unanswered.Count > 0)
        {
            CreateUsersResponse answer = await SendAsync(client, cancellationToken);
            Assert.Equal(
                new CreateUsersResponse { ExistingCount = landed.Length, UserCount = _unanswered.Count - landed.Length }, answer);
            _answered.AddRange(_unanswered.Skip(landed.Length));
            _unanswered = [];
        }
    }

    private async Task<CreateUsersResponse> SendAsync(UserService.UserServiceClient client, CancellationToken cancellationToken)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> call =
            client.CreateUsers(cancellationToken: cancellationToken);
        foreach (CreateUserRequest user in _unanswered)
        {
            await call.RequestStream.WriteAsync(user, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        return await call;
    }
}
