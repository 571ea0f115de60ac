using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http.Features;
using Users.Data;
using Users.V1;

namespace Users.Server.WarmUp;

/// <summary>
/// Calls each method once before health says SERVING, without a socket and without its guards, and makes one connection: the first caller
/// would otherwise wait while code is loaded and EF Core compiles its queries. Nothing is written: the users that it asks for do
/// not exist.
/// </summary>
internal sealed class FirstCalls(EndpointDataSource endpoints, FirstConnection connection, IServiceScopeFactory scopes, ChatLog chat)
    : IHostedLifecycleService
{
    private static readonly string Nobody = Guid.Empty.ToString();

    private static readonly Dictionary<string, IMessage?> Requests = new()
    {
        ["/users.v1.UserService/GetUser"] = new GetUserRequest { Id = Nobody },
        ["/users.v1.UserService/ListUsers"] = new ListUsersRequest { PageSize = 1 },
        ["/users.v1.UserService/CreateUser"] = new CreateUserRequest(),
        ["/users.v1.UserService/UpdateUser"] = new UpdateUserRequest { Id = Nobody, Name = "Nobody", Email = "nobody@example.com" },
        ["/users.v1.UserService/DeleteUser"] = new DeleteUserRequest { Id = Nobody },
        ["/users.v1.RoomService/WatchRoom"] = new WatchRoomRequest { AfterSequence = -1 },
        ["/users.v1.RoomService/PostMessage"] = new PostMessageRequest(),
        // Streams that end at once.
        ["/users.v1.UserService/CreateUsers"] = null,
        ["/users.v1.UserService/ChatUsers"] = null,
    };

    /// <summary>Whether the server is as fast as it will be.</summary>
    public bool AreDone { get; private set; }

    // The endpoints exist only since Kestrel listens.
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (Endpoint endpoint in endpoints.Endpoints)
        {
            // A method may have other paths too, for callers that do not speak gRPC.
            if (endpoint is RouteEndpoint { RoutePattern.RawText: { } path } && Requests.TryGetValue(path, out IMessage? request))
            {
                await CallAsync(endpoint, request);
            }
        }

        (await chat.SubscribeAsync("", null, cancellationToken))?.Dispose();
        await connection.CallAsync(Frame(new Empty()), cancellationToken);
        AreDone = true;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CallAsync(Endpoint endpoint, IMessage? request)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Features.Set<IHttpResponseTrailersFeature>(new Trailers());
        context.SetEndpoint(endpoint);
        context.Request.Method = HttpMethods.Post;
        context.Request.Protocol = HttpProtocol.Http2;
        context.Request.ContentType = "application/grpc";
        context.Request.Body = new MemoryStream(request is null ? [] : Frame(request));
        await endpoint.RequestDelegate!(context);
    }

    // https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: not compressed, the length, the message.
    private static byte[] Frame(IMessage message)
    {
        byte[] frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }

    private sealed class Trailers : IHttpResponseTrailersFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get; set; } = new HeaderDictionary();
    }
}
