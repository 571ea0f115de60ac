using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace StandIns.Tests;

/// <summary>One stream of requests to a server's reflection; v1 and v1alpha differ in the service's name only.</summary>
internal sealed class ReflectionStream(ChannelBase channel, string version) : IDisposable
{
    private readonly AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> _call =
        channel.CreateCallInvoker().AsyncDuplexStreamingCall(MethodOf(version), null, new CallOptions(cancellationToken: EchoTest.Cancel));

    /// <summary>Asks one thing, in a stream of its own.</summary>
    public static async Task<ServerReflectionResponse> AskAsync(EchoTest echo, string version, ServerReflectionRequest request)
    {
        using ReflectionStream stream = new(echo.Channel, version);
        ServerReflectionResponse answer = await stream.AskAsync(request);
        Assert.Equal(StatusCode.OK, (await stream.EndAsync()).StatusCode);
        return answer;
    }

    public static IReadOnlyList<FileDescriptorProto> Files(ServerReflectionResponse answer) =>
        [.. answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom)];

    public async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        await _call.RequestStream.WriteAsync(request, EchoTest.Cancel);
        Assert.True(await _call.ResponseStream.MoveNext(EchoTest.Cancel));
        return _call.ResponseStream.Current;
    }

    /// <summary>Closes this side, and answers how the server ended the call after it.</summary>
    public async Task<Status> EndAsync()
    {
        await _call.RequestStream.CompleteAsync();
        Assert.False(await _call.ResponseStream.MoveNext(EchoTest.Cancel));
        return _call.GetStatus();
    }

    public void Dispose() => _call.Dispose();

    private static Method<ServerReflectionRequest, ServerReflectionResponse> MethodOf(string version) => new(
        MethodType.DuplexStreaming, $"grpc.reflection.{version}.ServerReflection", "ServerReflectionInfo",
        Marshallers.Create(message => message.ToByteArray(), ServerReflectionRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), ServerReflectionResponse.Parser.ParseFrom));
}
