using Grpc.Core;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

internal sealed class EchoGrpcService(UnaryServerMethod<Note, Note> unary) : EchoService.EchoServiceBase
{
    public override Task<Note> Unary(Note request, ServerCallContext context) => unary(request, context);

    public override async Task ServerStream(Note request, IServerStreamWriter<Note> responseStream, ServerCallContext context)
    {
        for (int i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(new Note { Text = request.Text, Count = i }, context.CancellationToken);
        }
    }

    public override async Task<Note> ClientStream(IAsyncStreamReader<Note> requestStream, ServerCallContext context)
    {
        Note sum = new();
        await foreach (Note note in requestStream.ReadAllAsync(context.CancellationToken))
        {
            sum.Text += note.Text;
            sum.Count += note.Count;
        }

        return sum;
    }

    public override async Task Duplex(
        IAsyncStreamReader<Note> requestStream, IServerStreamWriter<Note> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext())
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }
}
