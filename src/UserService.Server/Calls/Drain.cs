using Users.Server.Errors;

namespace Users.Server.Calls;

/// <summary>
/// At shutdown: new calls are refused, uploads and chats end at once, lists a moment later, and running unary calls finish. A middleware,
/// because Kestrel does not raise a call's token when the host stops, and once a call has a deadline its token is fixed before any
/// interceptor runs.
/// </summary>
internal sealed class Drain(RequestDelegate next, DrainSignal signal)
{
    public Task InvokeAsync(HttpContext context)
    {
        Call call = Call.Of(context);
        return signal.Begun.IsCancellationRequested && !call.IsProbe ? Refusal.AnswerAsync(context, Failures.ShuttingDown())
            : !call.IsStream ? next(context)
            // At shutdown a watch of the health ends by itself.
            : call.IsProbe ? CountAsync(context)
            : StreamAsync(context, call.IsAnswerStream ? signal.AnswersEnd : signal.Begun);
    }

    private async Task StreamAsync(HttpContext context, CancellationToken end)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, end);
        context.RequestAborted = ended.Token;
        using CancellationTokenRegistration cut = StalledStream.ResetAt(context, signal.Cut);
        await CountAsync(context);
    }

    private async Task CountAsync(HttpContext context)
    {
        signal.Enter();
        try
        {
            await next(context);
        }
        finally
        {
            signal.Leave();
        }
    }
}
