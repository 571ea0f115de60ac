using Grpc.Core;
using Grpc.Net.Client;
using Users.Cli.Chat;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests.Chat;

public sealed class SpeakerNamesTests
{
    private const string Id = "01900000-0000-7000-8000-00000000abcd";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task A_name_is_asked_for_once()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { Id = Id, Name = "Ada" }));
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        SpeakerNames names = Names(channel);

        Assert.Equal(["Ada", "Ada"], [await names.FindAsync(Id, Token), await names.FindAsync(Id, Token)]);

        Assert.Equal(Id, GetUserRequest.Parser.ParseFrom(Assert.Single(server.Calls).Message).Id);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(Id, "...0000abcd")]
    [InlineData("12345678", "12345678")]
    [InlineData("", "")]
    public async Task A_deleted_user_is_shown_by_the_end_of_the_id_and_not_asked_for_again(string id, string shown)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.NotFound));
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        SpeakerNames names = Names(channel);

        Assert.Equal([shown, shown], [await names.FindAsync(id, Token), await names.FindAsync(id, Token)]);

        Assert.Single(server.Calls);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_speaker_that_has_no_id_is_shown_as_it_is_and_not_asked_for_again()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.InvalidArgument));
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        SpeakerNames names = Names(channel);

        Assert.Equal(["Ada Lovelace", "Ada Lovelace"], [await names.FindAsync("Ada Lovelace", Token), await names.FindAsync("Ada Lovelace", Token)]);

        Assert.Single(server.Calls);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_name_that_nobody_can_tell_now_is_asked_for_again_with_the_next_message()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Number == 1 ? Answer.Failure(StatusCode.PermissionDenied) : Answer.Ok(new User { Name = "Ada" }));
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        SpeakerNames names = Names(channel);

        Assert.Equal(["...0000abcd", "Ada"], [await names.FindAsync(Id, Token), await names.FindAsync(Id, Token)]);
    }

    [Fact(Timeout = 30_000)]
    public async Task No_more_names_are_kept_than_the_limit()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { Name = "asked" }));
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        SpeakerNames names = Names(channel);
        for (int id = 0; id < SpeakerNames.MaxKept; id++)
        {
            names.Keep($"{id}", "kept");
        }

        Assert.Equal("kept", await names.FindAsync("0", Token));
        Assert.Equal("asked", await names.FindAsync("one more", Token));
        Assert.Equal("asked", await names.FindAsync("0", Token));
        Assert.Equal(2, server.AttemptsAt("GetUser"));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_interruption_is_not_taken_for_an_unknown_name()
    {
        using var interruption = new CancellationTokenSource();
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ =>
        {
            interruption.Cancel();
            return Answer.Never;
        });
        using GrpcChannel channel = UsersChannel.Open(server.Address);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => Names(channel).FindAsync(Id, interruption.Token));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    private static SpeakerNames Names(GrpcChannel channel) => new(channel.CreateClient(TimeSpan.FromSeconds(30)));
}
