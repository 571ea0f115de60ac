using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Properties.Hostile;

/// <summary>A call of any method of the service with messages of its type, as bytes.</summary>
internal sealed record HostileCall(MethodDescriptor Method, IReadOnlyList<byte[]> Messages)
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    // A call that does not end shows as a status that no case may have.
    private static DateTime Patience => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30);

    public static Gen<HostileCall> Any(HostileMessages messages) =>
        from method in Gen.Elements(HostileMessages.Methods)
        from count in method.IsClientStreaming ? Gen.Choose(0, 5) : Gen.Constant(1)
        from sent in messages.Encoded(method.InputType).ListOf(count)
        select new HostileCall(method, [.. sent]);

    /// <summary>How the call ended; null: with OK. On the wire every kind of call is a duplex one.</summary>
    public async Task<Failure?> EndAsync(CallInvoker invoker, CancellationToken cancellationToken)
    {
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, Method.Service.FullName, Method.Name, Bytes, Bytes);
        using AsyncDuplexStreamingCall<byte[], byte[]> call = invoker.AsyncDuplexStreamingCall(
            method, null, new CallOptions(deadline: Patience, cancellationToken: cancellationToken));
        try
        {
            foreach (byte[] message in Messages)
            {
                await call.RequestStream.WriteAsync(message, cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The server has answered before it read them all; how, is read below.
        }

        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                Method.OutputType.Parser.ParseFrom(call.ResponseStream.Current);
            }

            return null;
        }
        catch (RpcException exception)
        {
            return new Failure(exception.StatusCode, exception.Status.Detail, exception.Trailers, exception.GetRpcStatus());
        }
    }

    public IEnumerable<HostileCall> Shrink() => Method.IsClientStreaming
        ? Property.Shorter(Messages).Select(messages => this with { Messages = messages })
        : [];

    public override string ToString() => Regex.Replace(
        $"{Method.Name} {string.Join(" ", Messages.Select(message => Method.InputType.Parser.ParseFrom(message)))}",
        @"(.+?)\1{20,}", run => $"{run.Groups[1]} * {run.Length / run.Groups[1].Length}");
}
