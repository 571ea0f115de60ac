using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Users.Server.Hosting;

internal static class Settings
{
    /// <summary>
    /// Reads a section of the settings, and offers it as options. A key that <typeparamref name="T"/> lacks, a value of another type,
    /// or one out of its range ends the start with a sentence that names it.
    /// </summary>
    public static T AddSettings<T>(this WebApplicationBuilder builder, string name)
        where T : class, new()
    {
        IConfigurationSection section = builder.Configuration.GetSection(name);
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            CheckKeyAndType<T>(setting);
        }

        T settings = section.Get<T>() ?? new T();
        string[] wrong = [.. WrongRanges(settings, name)];
        if (wrong.Length > 0)
        {
            throw StartFailure.BadSetting(wrong);
        }

        builder.Services.AddSingleton(Options.Create(settings));
        return settings;
    }

    // Before the binder does: its words name types, not what to write.
    private static void CheckKeyAndType<T>(IConfigurationSection setting)
        where T : new()
    {
        PropertyInfo property = Array.Find(
            typeof(T).GetProperties(), known => known.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase))
            ?? throw StartFailure.BadSetting($"{setting.Path} is not a setting: take it out, or correct its name.");
        if (!TypeDescriptor.GetConverter(property.PropertyType).IsValid(setting.Value ?? ""))
        {
            throw StartFailure.BadSetting(
                $"{setting.Path} cannot be '{setting.Value}': write it like {property.GetValue(new T())}.");
        }
    }

    // The framework's own check of [Range] says it in a developer's words.
    private static IEnumerable<string> WrongRanges<T>(T settings, string name) =>
        from property in typeof(T).GetProperties()
        let range = property.GetCustomAttribute<RangeAttribute>()
        where range is not null
        let text = $"{range.Minimum} to {range.Maximum}"
        where !range.IsValid(property.GetValue(settings))
        select $"{name}:{property.Name} must be {text}.";
}
