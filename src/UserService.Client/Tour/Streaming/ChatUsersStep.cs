using Users.V1;

namespace Users.Client.Tour.Streaming;

internal static class ChatUsersStep
{
    public static async Task RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        string room = $"tour-{tour.Tag}";
        User grace = await tour.FindSpeakerAsync("Grace", cancellationToken);
        User alan = await tour.FindSpeakerAsync("Alan", cancellationToken);
        // Messages name their speaker by id.
        Dictionary<string, string> names = new() { [grace.Id] = grace.Name, [alan.Id] = alan.Name };

        using var graceChat = new ChatParticipant(tour, grace, grace.Name, names, cancellationToken);
        using var alanChat = new ChatParticipant(tour, alan, alan.Id == grace.Id ? $"{alan.Name}, elsewhere" : alan.Name, names, cancellationToken);
        await graceChat.SayAsync("Is anybody here?", room);
        await alanChat.SayAsync("I am, since just now.", room);
        await graceChat.SayAsync("Then this is a conversation.");
        await alanChat.SayAsync("And a short one. Bye!");

        await alanChat.LeaveAsync();
        await graceChat.LeaveAsync();
    }
}
