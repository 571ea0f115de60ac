global using Users.Server.Rest;
using Users.Server.Errors;
using Users.Server.Settings;

namespace Users.Server.Rest;

/// <summary>
/// The calls as HTTP with JSON, as the contract's google.api.http says, where <c>Rest:Enabled</c> is true. They pass the same guards, and
/// fail with the same reasons.
/// </summary>
internal static class RestSetup
{
    public static void AddRest(this WebApplicationBuilder builder)
    {
        if (builder.AddSettings<RestSettings>("Rest").Enabled)
        {
            builder.Services.AddSingleton<IStartupFilter, MessageLimit>();
            builder.Services.AddSingleton<MatcherPolicy, EncodedSlashes>();
            builder.Services.AddGrpc().AddJsonTranscoding(json =>
            {
                json.TypeRegistry = StatusExtensions.DetailTypes;
                // As protobuf's JSON has it: a number of JavaScript holds 53 bits.
                json.JsonSettings.WriteInt64sAsStrings = true;
            });
        }
    }
}

/// <summary>The section <c>Rest</c> of the settings.</summary>
internal sealed class RestSettings
{
    /// <summary>Whether the calls are offered as HTTP with JSON.</summary>
    public bool Enabled { get; set; }
}
