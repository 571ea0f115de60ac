using Google.Protobuf;
using Grpc.Core;
using Users.Server.Tests.Support;
using Users.Server.Tests.Telemetry.Otlp;
using Users.V1;

namespace Users.Server.Tests.Telemetry;

/// <summary>What an operator sees: sent by OTLP, received by a collector.</summary>
[Collection<Alone>]
public sealed class TelemetryTests
{
    private const string Method = "users.v1.UserService/";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_a_span_in_its_callers_trace_and_the_database_work_stands_under_it()
    {
        await using Collector collector = await Collector.StartAsync();
        var caller = new Metadata { { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } };
        await using (RunningServer server = await StartAsync(collector))
        {
            await server.Client.CreateUserAsync(new() { Name = "Ada", Email = "ada@example.com" }, caller, cancellationToken: Token);
        }

        Span call = Assert.Single(collector.Spans, span => span.Name == $"{Method}CreateUser");
        Assert.Equal("0AF7651916CD43DD8448EB211C80319C", Hex(call.TraceId));
        Assert.Equal("B7AD6B7169203331", Hex(call.ParentSpanId));
        Dictionary<string, string> attributes = call.Attributes.ToTexts();
        Assert.Equal("grpc", attributes["rpc.system.name"]);
        Assert.Equal($"{Method}CreateUser", attributes["rpc.method"]);
        Assert.Equal("OK", attributes["rpc.response.status_code"]);
        Span work = Assert.Single(collector.Spans, span => span.ParentSpanId == call.SpanId);
        Assert.Equal(("CreateAsync", "sqlite"), (work.Name, work.Attributes.ToTexts()["db.system.name"]));
        Assert.InRange(work.EndTimeUnixNano, work.StartTimeUnixNano, call.EndTimeUnixNano);
    }

    [Theory]
    [InlineData("always_off", "", true, 0, 0)]
    [InlineData("always_on", "", false, 3, 3)]
    [InlineData("traceidratio", "0", true, 0, 0)]
    [InlineData("traceidratio", "1", false, 3, 3)]
    [InlineData("parentbased_always_off", "", true, 3, 3)]
    [InlineData("parentbased_always_on", "", false, 0, 0)]
    [InlineData("parentbased_traceidratio", "0", true, 3, 3)]
    public async Task The_standards_sampler_decides_for_a_call_and_what_is_done_for_it(string sampler, string ratio, bool callerRecords, int calls, int works)
    {
        await using Collector collector = await Collector.StartAsync();
        await using (RunningServer server = await StartAsync(collector, $"--OTEL_TRACES_SAMPLER={sampler}", $"--OTEL_TRACES_SAMPLER_ARG={ratio}"))
        {
            for (int i = 0; i < 3; i++)
            {
                var caller = new Metadata { { "traceparent", $"00-0af7651916cd43dd8448eb211c80319{i}-b7ad6b7169203331-0{(callerRecords ? 1 : 0)}" } };
                await server.Client.CreateUserAsync(new() { Name = "Ada", Email = $"{i}@example.com" }, caller, cancellationToken: Token);
            }
        }

        Assert.Equal((calls, works), (collector.Spans.Count(span => span.Name == $"{Method}CreateUser"), collector.Spans.Count(span => span.Name == "CreateAsync")));
        Assert.Equal(3ul, PointOf(collector, "rpc.server.call.duration", "CreateUser", "OK").Count);
    }

    [Theory]
    [InlineData("--OTEL_TRACES_SAMPLER=some", "OTEL_TRACES_SAMPLER cannot be 'some': use always_on, always_off, traceidratio, or one of these behind parentbased_.")]
    [InlineData("--OTEL_TRACES_SAMPLER_ARG=2", "OTEL_TRACES_SAMPLER_ARG cannot be '2': write a part of 1, such as 0.01.")]
    public async Task A_sampler_that_is_none_keeps_the_server_from_starting(string setting, string sentence) => Assert.Equal(
        sentence,
        (await Assert.ThrowsAnyAsync<Exception>(
            () => RunningServer.StartAsync("--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "--OTEL_TRACES_SAMPLER=traceidratio", setting))).Message);

    [Fact]
    public async Task A_stream_is_one_span_with_the_counts_of_its_messages()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (RunningServer server = await StartAsync(collector))
        {
            using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = server.Client.CreateUsers(cancellationToken: Token);
            for (int i = 0; i < 3; i++)
            {
                await upload.RequestStream.WriteAsync(new() { Name = "Ada", Email = $"{i}@example.com" }, Token);
            }

            await upload.RequestStream.CompleteAsync();
            await upload;
            Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers"));
        }

        AssertCounts(Assert.Single(collector.Spans, span => span.Name == $"{Method}CreateUsers"), 3, 1);
        AssertCounts(Assert.Single(collector.Spans, span => span.Name == $"{Method}ListUsers"), 1, 3);
    }

    [Fact]
    public async Task Calls_are_measured_by_method_and_status_and_what_flowed_in_them()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (RunningServer server = await StartAsync(collector))
        {
            User ada = await server.AddUserAsync();
            await server.Client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token);
            await server.Client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token);
            await AnyMethod.CallAsync(server.Connect(), "GetUser");
            await AnyMethod.CallAsync(server.Connect(), "NoSuchMethod");
            await AnyMethod.CallAsync(server.Connect(), "ListUsers");
        }

        Assert.Equal(2ul, PointOf(collector, "rpc.server.call.duration", "GetUser", "OK").Count);
        HistogramPoint failed = PointOf(collector, "rpc.server.call.duration", "GetUser", "INVALID_ARGUMENT");
        Assert.Equal((1ul, "INVALID_FIELDS"), (failed.Count, failed.Attributes.ToTexts()["users.reason"]));
        Assert.Contains(collector.Spans, span => span.Name == $"{Method}GetUser" && span.Attributes.ToTexts().GetValueOrDefault("users.reason") == "INVALID_FIELDS");
        Assert.DoesNotContain("users.reason", PointOf(collector, "rpc.server.call.duration", "GetUser", "OK").Attributes.ToTexts().Keys);
        // Of the stream alone, with its empty request.
        foreach ((string name, Predicate<double> isRight) in ((string, Predicate<double>)[])
            [
                ("rpc.server.requests_per_rpc", sum => sum == 1), ("rpc.server.responses_per_rpc", sum => sum == 1),
                ("rpc.server.request.size", sum => sum == 0), ("rpc.server.response.size", sum => sum > 38),
            ])
        {
            HistogramPoint point = Assert.Single(collector.LastMetrics[name].Histogram.DataPoints);
            Assert.Equal(Method + "ListUsers", point.Attributes.ToTexts()["rpc.method"]);
            Assert.True(isRight(point.Sum), $"{name}: {point.Sum}");
        }

        Assert.DoesNotContain(
            collector.LastMetrics["rpc.server.call.duration"].Histogram.DataPoints,
            point => point.Attributes.ToTexts()["rpc.method"].Contains("NoSuch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_operators_figures_are_there()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (RunningServer server = await StartAsync(collector, "--RateLimits:CallerStreams=2"))
        {
            User ada = await server.AddUserAsync();
            using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> first = await JoinAsync(server, ada, "one");
            using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> second = await JoinAsync(server, ada, "two");
            Assert.Equal(StatusCode.ResourceExhausted, await AnyMethod.CallAsync(server.Connect(), "ListUsers"));
            // All in one export; while one is made, the refused call may still be counted as a stream.
            await collector.WaitForMetricsAsync(metrics =>
                (NumberOf(metrics, "users.streams"), NumberOf(metrics, "users.chat.rooms"), NumberOf(metrics, "users.chat.subscribers"),
                    NumberOf(metrics, "users.store.queue"), NumberOf(metrics, "users.draining")) == (2, 2, 2, 0, 0));
            server.SignalStop();
            await collector.WaitForMetricsAsync(metrics => (NumberOf(metrics, "users.draining"), NumberOf(metrics, "users.streams")) == (1, 0));
        }

        HistogramPoint commits = Assert.Single(collector.LastMetrics["users.store.commit.items"].Histogram.DataPoints);
        // The new database's first users, Ada, and her two messages.
        Assert.Equal((4ul, 4d), (commits.Count, commits.Sum));
        Assert.Equal(4ul, Assert.Single(collector.LastMetrics["users.store.commit.duration"].Histogram.DataPoints).Count);
        Assert.Equal("TOO_MANY_STREAMS", PointOf(collector, "rpc.server.call.duration", "ListUsers", "RESOURCE_EXHAUSTED").Attributes.ToTexts()["users.reason"]);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_harms_nobody()
    {
        await using RunningServer server = await RunningServer.StartAsync("--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9");

        Assert.Equal("Ada Lovelace", (await server.AddUserAsync()).Name);
    }

    [Fact]
    public async Task A_malformed_endpoint_keeps_the_server_from_starting() => Assert.Equal(
        "OTEL_EXPORTER_OTLP_ENDPOINT cannot be 'nonsense': write it like http://127.0.0.1:4317.",
        (await Assert.ThrowsAnyAsync<Exception>(() => RunningServer.StartAsync("--OTEL_EXPORTER_OTLP_ENDPOINT=nonsense"))).Message);

    private static Task<RunningServer> StartAsync(Collector collector, params string[] settings) => RunningServer.StartAsync(
        [$"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}", "--OTEL_METRIC_EXPORT_INTERVAL=100", .. settings]);

    private static async Task<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>> JoinAsync(RunningServer server, User user, string room)
    {
        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Room = room, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        return chat;
    }

    private static void AssertCounts(Span span, int requests, int responses)
    {
        Dictionary<string, string> attributes = span.Attributes.ToTexts();
        Assert.Equal(
            ($"{requests}", $"{responses}"), (attributes["rpc.server.requests_per_rpc"], attributes["rpc.server.responses_per_rpc"]));
    }

    private static HistogramPoint PointOf(Collector collector, string metric, string method, string status) => Assert.Single(
        collector.LastMetrics[metric].Histogram.DataPoints,
        point => point.Attributes.ToTexts() is { } attributes
            && attributes["rpc.method"] == Method + method
            && attributes["rpc.response.status_code"] == status);

    private static long? NumberOf(IReadOnlyDictionary<string, Metric> metrics, string metric) =>
        metrics.TryGetValue(metric, out Metric? found) ? (found.Gauge ?? found.Sum).DataPoints.Sum(point => point.AsInt) : null;

    private static string Hex(ByteString bytes) => Convert.ToHexString(bytes.Span);
}
