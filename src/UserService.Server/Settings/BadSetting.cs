using Microsoft.Extensions.Options;

namespace Users.Server.Settings;

/// <summary>A setting that the server cannot start with: its user reads the sentences, and no more.</summary>
internal static class BadSetting
{
    /// <param name="sentences">Each names a setting, says what is wrong with it, and what to write.</param>
    public static OptionsValidationException Because(params string[] sentences) => new("Settings", typeof(IConfiguration), sentences);
}
