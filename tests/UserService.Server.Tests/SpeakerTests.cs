using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>Who speaks where the speakers are not users of this service. The other tests of the chat have users.</summary>
public sealed class SpeakerTests
{
    private const string Anyone = "--Chat:SpeakersAreUsers=false";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("auth0|Ada")]
    [InlineData("00000000-0000-4000-8000-000000000000")]
    [InlineData("Ada Lovelace 🙂")]
    public async Task Without_tokens_anyone_speaks_by_any_name(string speaker)
    {
        await using RunningServer server = await RunningServer.StartAsync(Anyone);

        ChatMessage heard = await SayAsync(server, speaker);

        Assert.Equal((speaker, "hello", 1), (heard.UserId, heard.Message, heard.Sequence));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\u202Eb")]
    [InlineData("a\nb")]
    public async Task A_name_that_cannot_be_seen_as_it_is_is_refused(string speaker)
    {
        await using RunningServer server = await RunningServer.StartAsync(Anyone);

        Failure failure = await Failure.OfAsync(() => SayAsync(server, speaker));

        Assert.Equal("user_id", Assert.Single(failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS").Violations).Field);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(201, "INVALID_FIELDS")]
    public async Task A_name_has_at_most_200_code_points(int length, string? reason)
    {
        await using RunningServer server = await RunningServer.StartAsync(Anyone);
        string speaker = string.Concat(Enumerable.Repeat("🙂", length));

        Assert.Equal(reason, await ReasonAsync(() => SayAsync(server, speaker)));
    }

    [Theory]
    [InlineData("auth0|Ada", null)]
    [InlineData("auth0|ADA", "SCOPE_MISSING")]
    [InlineData("auth0|Eve", "SCOPE_MISSING")]
    [InlineData("", "SCOPE_MISSING")]
    public async Task With_a_token_its_subject_speaks_to_the_letter_and_no_other(string speaker, string? reason)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync([Anyone, .. issuer.Settings]);
        Metadata token = TokenIssuer.Metadata(issuer.Sign(TokenIssuer.Claims(TimeProvider.System.GetUtcNow(), "chat", "auth0|Ada")));

        Assert.Equal(reason, await ReasonAsync(() => SayAsync(server, speaker, token)));
    }

    [Fact]
    public async Task A_later_message_by_another_name_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync(Anyone);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = "Ada" }, Token);
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = "ada", Message = "hello" }, Token);

        (await Failure.OfAsync(() => chat.ResponseStream.MoveNext(Token))).AssertIs(StatusCode.FailedPrecondition, "ALREADY_JOINED");
    }

    private static async Task<string?> ReasonAsync(Func<Task> call)
    {
        string? reason = null;
        try
        {
            await call();
        }
        catch (RpcException e)
        {
            reason = (await Failure.OfAsync(() => Task.FromException(e))).Reason;
        }

        return reason;
    }

    private static async Task<ChatMessage> SayAsync(RunningServer server, string speaker, Metadata? headers = null)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(headers, cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = speaker, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        return chat.ResponseStream.Current;
    }
}
