using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Users.Client.Tests.Support;

/// <summary>How the scripted server answers a call: some messages, then a status.</summary>
internal sealed class Answer
{
    private readonly IMessage[] _messages;
    private readonly StatusCode? _code;
    private string _text = string.Empty;
    private byte[]? _details;
    private bool _readsAllFirst;
    private Func<Conversation, Task> _conversation = _ => Task.CompletedTask;
    private Action<HttpContext>? _break;

    private Answer(StatusCode? code, params IMessage[] messages) => (_code, _messages) = (code, messages);

    /// <summary>No answer at all, until the caller goes away.</summary>
    public static Answer Never { get; } = new(null);

    public static Answer Ok(IMessage message) => new(StatusCode.OK, message);

    /// <summary>Answers when the client has sent its last message.</summary>
    public static Answer OkAtTheEnd(IMessage message) => new(StatusCode.OK, message) { _readsAllFirst = true };

    /// <summary>Talks as <paramref name="script"/> says, then ends with the status; the first message is in the call already.</summary>
    public static Answer Talk(Func<Conversation, Task> script, StatusCode code = StatusCode.OK, string text = "") =>
        new(code) { _conversation = script, _text = text };

    /// <summary>A status without any message before it: what gRPC calls trailers-only.</summary>
    public static Answer Failure(StatusCode code, string text = "") => new(code) { _text = text };

    /// <summary>Many messages, then the status.</summary>
    public static Answer Messages(IEnumerable<IMessage> messages, StatusCode code = StatusCode.OK, string text = "") =>
        new(code, [.. messages]) { _text = text };

    /// <summary>Some messages, and then nothing more until the caller goes away.</summary>
    public static Answer MessagesThenNever(IEnumerable<IMessage> messages) => new(null, [.. messages]);

    /// <summary>Some messages; then, when the test says so, the connection is gone without a word.</summary>
    public static Answer MessagesThenBreak(Task when, params IEnumerable<IMessage> messages) =>
        new(null, [.. messages]) { _conversation = _ => when, _break = Cut };

    /// <summary>The stream is reset, by RST_STREAM, and the connection is kept.</summary>
    public static Answer Reset() => new(null) { _break = http => http.Abort() };

    /// <summary>Talks as <paramref name="script"/> says; then the connection is gone without a word.</summary>
    public static Answer TalkThenBreak(Func<Conversation, Task> script) => new(null) { _conversation = script, _break = Cut };

    public static Answer MessageThenFailure(IMessage message, StatusCode code) => new(code, message);

    /// <summary>The status with google.rpc details, the first of them an ErrorInfo of the domain users.v1.</summary>
    public static Answer Failure(StatusCode code, string text, string reason, params IMessage[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = text };
        status.Details.Add(Any.Pack(new ErrorInfo { Domain = "users.v1", Reason = reason }));
        status.Details.Add(details.Select(Any.Pack));
        return Failure(code, text, status.ToByteArray());
    }

    /// <summary>Some messages, then the status with a reason.</summary>
    public static Answer Messages(IEnumerable<IMessage> messages, StatusCode code, string text, string reason, params IMessage[] details) =>
        new(code, [.. messages]) { _text = text, _details = Failure(code, text, reason, details)._details };

    /// <summary>The status with these bytes as its details, whatever they are.</summary>
    public static Answer Failure(StatusCode code, string text, byte[] details) => new(code) { _text = text, _details = details };

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "application/grpc";
        if (_readsAllFirst)
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        }

        foreach (IMessage message in _messages)
        {
            await http.Response.Body.WriteAsync(GrpcFrame.Write(message), http.RequestAborted);
        }

        await _conversation(new Conversation(http));
        if (_break is not null)
        {
            _break(http);
            return;
        }

        if (_code is null)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        Action<string, string> add = !http.Response.HasStarted
            ? (name, value) => http.Response.Headers[name] = value
            : (name, value) => http.Response.AppendTrailer(name, value);
        add("grpc-status", $"{(int)_code}");
        add("grpc-message", Uri.EscapeDataString(_text));
        if (_details is not null)
        {
            add("grpc-status-details-bin", Convert.ToBase64String(_details));
        }
    }

    private static void Cut(HttpContext http) => http.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
}
