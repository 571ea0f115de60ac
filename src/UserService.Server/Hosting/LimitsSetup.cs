using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Users.Server.Hosting;

/// <summary>Reads <see cref="Limits"/> from the settings and refuses what is out of range, all of it in one answer.</summary>
internal static class LimitsSetup
{
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection("Limits");
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            CheckKeyAndType(setting);
        }

        builder.Services.AddOptions<Limits>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<Limits>, Ranges>();
    }

    // Before the binder does: its words name types, not what to write.
    private static void CheckKeyAndType(IConfigurationSection setting)
    {
        PropertyInfo property = Array.Find(
            typeof(Limits).GetProperties(), known => known.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase))
            ?? throw StartFailure.BadSetting($"{setting.Path} is not a setting: take it out, or correct its name.");
        if (!TypeDescriptor.GetConverter(property.PropertyType).IsValid(setting.Value ?? ""))
        {
            throw StartFailure.BadSetting(
                $"{setting.Path} cannot be '{setting.Value}': write it like {property.GetValue(new Limits())}.");
        }
    }

    // The framework's own check of [Range] says it in a developer's words.
    private sealed class Ranges : IValidateOptions<Limits>
    {
        public ValidateOptionsResult Validate(string? name, Limits options)
        {
            string[] wrong = [..
                from property in typeof(Limits).GetProperties()
                let range = property.GetCustomAttribute<RangeAttribute>()
                let text = $"{range.Minimum} to {range.Maximum}"
                where !range.IsValid(property.GetValue(options))
                select $"Limits:{property.Name} must be {text}."];
            return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }
    }
}
