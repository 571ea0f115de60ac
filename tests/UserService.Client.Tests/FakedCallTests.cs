using Grpc.Core;
using Users.V1;

namespace Users.Client.Tests;

/// <summary>How the tests of a consumer do without a server. docs/testing.md shows it.</summary>
public sealed class FakedCallTests
{
    private static readonly FakeUsers Users = new(new User { Id = "1", Name = "Ada" }, new User { Id = "2", Name = "Alan" });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2", "Hello, Alan!")]
    [InlineData("3", "Who is that?")]
    public async Task A_unary_call_is_faked(string id, string greeting) => Assert.Equal(greeting, await new Greeter(Users).GreetAsync(id, Token));

    [Fact]
    public async Task A_stream_is_faked() => Assert.Equal("Hello, Ada, Alan!", await new Greeter(Users).GreetAllAsync(Token));

    #region fakes
    private sealed class FakeUsers(params User[] users) : UserService.UserServiceClient
    {
        public override AsyncUnaryCall<User> GetUserAsync(GetUserRequest request, CallOptions options)
        {
            Task<User> answer = users.SingleOrDefault(user => user.Id == request.Id) is { } found
                ? Task.FromResult(found)
                : Task.FromException<User>(new RpcException(new Status(StatusCode.NotFound, "No such user.")));
            return new(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }

        public override AsyncServerStreamingCall<User> ListUsers(ListUsersRequest request, CallOptions options) =>
            new(new FakeStream<User>(users), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    private sealed class FakeStream<T>(IReadOnlyList<T> messages) : IAsyncStreamReader<T>
    {
        private int _position = -1;

        public T Current => messages[_position];

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(++_position < messages.Count);
    }
    #endregion

    #region consumer
    private sealed class Greeter(UserService.UserServiceClient users)
    {
        public async Task<string> GreetAsync(string id, CancellationToken cancellationToken)
        {
            try
            {
                User user = await users.GetUserAsync(new GetUserRequest { Id = id }, cancellationToken: cancellationToken);
                return $"Hello, {user.Name}!";
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.NotFound)
            {
                return "Who is that?";
            }
        }

        public async Task<string> GreetAllAsync(CancellationToken cancellationToken)
        {
            using AsyncServerStreamingCall<User> list = users.ListUsers(new ListUsersRequest(), cancellationToken: cancellationToken);
            List<string> names = await list.ResponseStream.ReadAllAsync(cancellationToken).Select(user => user.Name).ToListAsync(cancellationToken);
            return $"Hello, {string.Join(", ", names)}!";
        }
    }
    #endregion
}
