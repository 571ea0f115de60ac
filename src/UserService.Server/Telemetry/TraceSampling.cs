using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Trace;
using Users.Server.Settings;

namespace Users.Server.Telemetry;

/// <summary>Which traces are recorded, as the standard's variables OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG say.</summary>
internal static class TraceSampling
{
    private const string Key = "OTEL_TRACES_SAMPLER";
    private const string RatioKey = "OTEL_TRACES_SAMPLER_ARG";

    /// <summary>The sampler of calls, which <see cref="CallSpans"/> asks.</summary>
    public static Sampler Read(IConfiguration configuration) => configuration[Key] switch
    {
        null or "" or "parentbased_always_on" => new ParentBasedSampler(new AlwaysOnSampler()),
        "always_on" => new AlwaysOnSampler(),
        "always_off" => new AlwaysOffSampler(),
        "traceidratio" => new TraceIdRatioBasedSampler(Ratio(configuration)),
        "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
        "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(Ratio(configuration))),
        { } unknown => throw BadSetting.Because(
            $"{Key} cannot be '{unknown}': use always_on, always_off, traceidratio, or one of these behind parentbased_."),
    };

    private static double Ratio(IConfiguration configuration) =>
        configuration[RatioKey] is not { Length: > 0 } text ? 1
        : double.TryParse(text, CultureInfo.InvariantCulture, out double ratio) && ratio is >= 0 and <= 1 ? ratio
        : throw BadSetting.Because($"{RatioKey} cannot be '{text}': write a part of 1, such as 0.01.");

    /// <summary>
    /// The sampler of the SDK: a call's span is only begun where it is recorded, and what is done for a call is recorded with it. Anything else is
    /// for <paramref name="calls"/> to decide.
    /// </summary>
    public sealed class WithCalls(Sampler calls) : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
        {
            ActivityContext parent = samplingParameters.ParentContext;
            return samplingParameters.Kind == ActivityKind.Server ? new SamplingResult(SamplingDecision.RecordAndSample)
                : parent != default && !parent.IsRemote ? new SamplingResult(parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
                : calls.ShouldSample(samplingParameters);
        }
    }
}
