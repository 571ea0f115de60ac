using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Users.Cli.Chat;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests.Chat;

public sealed class ChatCallTests
{
    private static readonly ChatMessage Join = new() { UserId = "ada", Room = "lobby", AfterSequence = 7 };
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _shown = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task It_joins_says_each_line_and_hears_to_the_end_after_it_left()
    {
        List<ChatMessage> heard = [];
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Talk(async chat =>
        {
            while (await chat.HearAsync() is { } message)
            {
                heard.Add(message);
            }

            await chat.SayAsync(8, "ada", "one");
            await chat.SayAsync(9, "alan", "two");
        }));
        Say("one", " two ");
        _lines.Writer.Complete();

        await RunAsync(server, Token);

        Assert.Equal(Join, ChatMessage.Parser.ParseFrom(Assert.Single(server.Calls).Message));
        Assert.Equal([new() { Message = "one", RequestId = "id of one" }, new() { Message = " two ", RequestId = "id of  two " }], heard);
        Assert.Equal(["8 ada one", "9 alan two"], _shown);
    }

    [Fact(Timeout = 30_000)]
    public async Task Hearing_waits_neither_for_speaking_nor_the_other_way_round()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Talk(async chat =>
        {
            await chat.SayAsync(1, "alan", "before");
            // Nothing is said until that was shown, and this is only heard because speaking goes on.
            await chat.SayAsync(2, "ada", (await chat.HearAsync())!.Message);
            Assert.Null(await chat.HearAsync());
        }));

        await RunAsync(server, Token, message =>
        {
            if (message.Sequence == 1)
            {
                Say("after");
            }
            else
            {
                _lines.Writer.Complete();
            }
        });

        Assert.Equal(["1 alan before", "2 ada after"], _shown);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.Unavailable)]
    public async Task The_server_s_refusal_ends_it_while_nobody_types(StatusCode code)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Talk(chat => chat.SayAsync(1, "alan", "hi"), code));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => RunAsync(server, Token));

        Assert.Equal(code, failure.StatusCode);
        Assert.Equal(["1 alan hi"], _shown);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_refusal_of_a_line_is_told_though_more_lines_follow()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Talk(
            chat => chat.HearAsync(), StatusCode.InvalidArgument, "too long"));
        Say([.. Enumerable.Repeat(new string('x', 100_000), 50)]);
        _lines.Writer.Complete();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => RunAsync(server, Token));

        Assert.Equal((StatusCode.InvalidArgument, "too long"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_ends_the_call_first_is_not_taken_for_leaving()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Talk(_ => Task.CompletedTask));

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => RunAsync(server, Token));

        Assert.Equal((ExitCodes.Failed, "The server ended the chat."), (failure.ExitCode, failure.Message));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_interruption_ends_it_while_nobody_says_anything()
    {
        using var interruption = new CancellationTokenSource();
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Talk(async chat =>
        {
            await chat.SayAsync(1, "alan", "hi");
            await chat.HearAsync();
        }));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            () => RunAsync(server, interruption.Token, _ => interruption.Cancel()));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    private void Say(params string[] lines) => Assert.All(lines, line => Assert.True(_lines.Writer.TryWrite(line)));

    private async Task RunAsync(ScriptedServer server, CancellationToken cancellationToken, Action<ChatMessage>? onShown = null)
    {
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        using var call = new ChatCall(channel.CreateClient(TimeSpan.FromSeconds(30)), cancellationToken);
        await call.RunAsync(Join, _lines.Reader.ReadAllAsync(Token).Select(line => new OwnLine(line, $"id of {line}")), _ => { }, (message, _) =>
        {
            _shown.Add($"{message.Sequence} {message.UserId} {message.Message}");
            onShown?.Invoke(message);
            return Task.CompletedTask;
        });
    }
}
