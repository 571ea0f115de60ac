using Google.Protobuf;
using Grpc.Core;
using Users.Client.Output;
using Users.V1;

namespace Users.Client.Tour;

/// <summary>What the steps share: the client, a place to show messages, and the users that the tour made.</summary>
/// <param name="client">The service.</param>
/// <param name="screen">Where messages are shown.</param>
/// <param name="subject">The id of the user whose token the calls carry; null without a token.</param>
/// <param name="isOwnServer">Whether the server ends with the tour, and all that the tour made with it.</param>
internal sealed class TourContext(UserService.UserServiceClient client, Screen screen, string? subject, bool isOwnServer)
{
    private int _helpers;

    public UserService.UserServiceClient Client { get; } = client;

    public Screen Screen { get; } = screen;

    /// <summary>Sets this run's emails and rooms apart from those of every other run against the same server.</summary>
    public string Tag { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The user of the unary steps, as the server last answered it.</summary>
    public User Ada { get; set; } = new();

    /// <summary>How many users the import creates: few where others would find them.</summary>
    public int ImportCount { get; } = isOwnServer ? 10_000 : 100;

    public string EmailOf(string mailbox) => $"{mailbox}{EmailEnd}";

    private string EmailEnd => $".{Tag}@example.com";

    public void Sent(IMessage message) => Sent(JsonFormatter.ToDiagnosticString(message));

    public void Sent(string text) => Screen.Line(("   -> ", Tone.Sent), (text, Tone.Plain));

    public void Received(IMessage message) => Received(JsonFormatter.ToDiagnosticString(message));

    public void Received(string text) => Screen.Line(("   <- ", Tone.Received), (text, Tone.Plain));

    public void Received(string name, Metadata metadata) =>
        Received($"{name}: {(metadata.Count == 0 ? "none" : string.Join(", ", metadata.Select(entry => entry.Key)))}");

    /// <summary>Creates a user that a later step needs, without showing it.</summary>
    public async Task<User> CreateHelperAsync(string name, CancellationToken cancellationToken)
    {
        var request = new CreateUserRequest
        {
            Name = name,
            Email = EmailOf($"helper-{_helpers++}"),
            RequestId = Guid.NewGuid().ToString(),
        };
        return await Client.CreateUserAsync(request, cancellationToken: cancellationToken);
    }

    /// <summary>A user that may chat: a new one or, with a token, the token's own, since a token lets its holder speak as no other.</summary>
    public async Task<User> FindSpeakerAsync(string name, CancellationToken cancellationToken) => subject is null
        ? await CreateHelperAsync(name, cancellationToken)
        : await Client.GetUserAsync(new GetUserRequest { Id = subject }, cancellationToken: cancellationToken);

    /// <summary>Deletes the users that the tour made, where the server does not end with it.</summary>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        if (isOwnServer)
        {
            return;
        }

        List<User> made = [];
        // Ids grow: what the tour made comes after its first user.
        using AsyncServerStreamingCall<User> call = Client.ListUsers(new ListUsersRequest { AfterId = Ada.Id }, cancellationToken: cancellationToken);
        await foreach (User user in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (user.Email.EndsWith(EmailEnd, StringComparison.Ordinal))
            {
                made.Add(user);
            }
        }

        foreach (User user in made)
        {
            await Client.DeleteUserAsync(new DeleteUserRequest { Id = user.Id, Etag = user.Etag }, cancellationToken: cancellationToken);
        }

        Screen.Line($"The {made.Count} users that the tour left in this server are deleted.");
    }
}
