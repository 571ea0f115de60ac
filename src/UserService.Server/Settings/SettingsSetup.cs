using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Users.Server.Settings;

internal static class SettingsSetup
{
    /// <summary>
    /// Offers a section of the settings as options, and answers what it says now. A key that <typeparamref name="T"/> lacks, a value
    /// of another type, or one out of its range ends the start with a sentence that names it.
    /// </summary>
    public static T AddSettings<T>(this WebApplicationBuilder builder, string name)
        where T : class, new()
    {
        var ranges = new RangeSentences<T>(name);
        builder.Services.AddSingleton<IValidateOptions<T>>(ranges);
        builder.Services.AddOptions<T>().BindConfiguration(name, Strictly).ValidateOnStart();
        // At once, so that a setup may read it, and no database is opened for a server that will not start.
        T settings = Read<T>(builder.Configuration.GetSection(name));
        return ranges.Validate(null, settings) is { Failed: true } wrong ? throw BadSetting.Because([.. wrong.Failures]) : settings;
    }

    private static void Strictly(BinderOptions binder) => binder.ErrorOnUnknownConfiguration = true;

    private static T Read<T>(IConfigurationSection section)
        where T : class, new()
    {
        // Before the binder, whose words name types of .NET, and which passes over what stands below a value.
        string[] sentences = [.. section.GetChildren().Select(SentenceOf<T>).OfType<string>()];
        return sentences.Length > 0 ? throw BadSetting.Because(sentences) : section.Get<T>(Strictly) ?? new T();
    }

    private static string? SentenceOf<T>(IConfigurationSection setting)
        where T : new()
    {
        PropertyInfo? property = Array.Find(typeof(T).GetProperties(), known => known.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
        return property is null ? NoSetting(setting)
            : setting.GetChildren().FirstOrDefault() is { } below ? NoSetting(below)
            : TypeDescriptor.GetConverter(property.PropertyType).IsValid(setting.Value ?? "") ? null
            : $"{setting.Path} cannot be '{setting.Value}': write it like {property.GetValue(new T())}.";
    }

    private static string NoSetting(IConfigurationSection setting) => $"{setting.Path} is not a setting: take it out, or correct its name.";
}
