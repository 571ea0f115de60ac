using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Users.Server.Tests.Support;

/// <summary>Asks a server what it serves, as tools without its proto file do. The two versions differ in name only.</summary>
internal sealed class ReflectionStream(ChannelBase channel, string version) : IDisposable
{
    private readonly AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> _call =
        channel.CreateCallInvoker().AsyncDuplexStreamingCall(MethodOf(version), null, new CallOptions(cancellationToken: Token));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<IEnumerable<string>> ListServicesAsync() =>
        (await AskAsync(new() { ListServices = "" })).ListServicesResponse.Service.Select(service => service.Name);

    /// <summary>The file that declares the symbol, built from nothing but what the server answered.</summary>
    public async Task<FileDescriptor> FindAsync(string symbol)
    {
        ServerReflectionResponse answer = await AskAsync(new() { FileContainingSymbol = symbol });
        Assert.True(answer.FileDescriptorResponse is not null, answer.ErrorResponse?.ErrorMessage);
        var files = answer.FileDescriptorResponse.FileDescriptorProto.ToDictionary(bytes => FileDescriptorProto.Parser.ParseFrom(bytes).Name);
        string asked = FileDescriptorProto.Parser.ParseFrom(answer.FileDescriptorResponse.FileDescriptorProto[0]).Name;
        return FileDescriptor.BuildFromByteStrings(ImportsFirst(files, asked).Distinct()).Single(file => file.Name == asked);
    }

    /// <summary>The code of the refusal.</summary>
    public async Task<StatusCode> RefusalOfAsync(string symbol) =>
        (StatusCode)(await AskAsync(new() { FileContainingSymbol = symbol })).ErrorResponse.ErrorCode;

    public Task<bool> ReadToEndAsync() => _call.ResponseStream.MoveNext(Token);

    public void Dispose() => _call.Dispose();

    private static IEnumerable<ByteString> ImportsFirst(Dictionary<string, ByteString> files, string name) =>
        [.. FileDescriptorProto.Parser.ParseFrom(files[name]).Dependency.SelectMany(import => ImportsFirst(files, import)), files[name]];

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        await _call.RequestStream.WriteAsync(request, Token);
        Assert.True(await _call.ResponseStream.MoveNext(Token));
        return _call.ResponseStream.Current;
    }

    private static Method<ServerReflectionRequest, ServerReflectionResponse> MethodOf(string version) => new(
        MethodType.DuplexStreaming, $"grpc.reflection.{version}.ServerReflection", "ServerReflectionInfo",
        Marshallers.Create(message => message.ToByteArray(), ServerReflectionRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), ServerReflectionResponse.Parser.ParseFrom));
}
