using System.ComponentModel;
using System.Reflection;

namespace Users.Server.Hosting;

internal static class Settings
{
    /// <summary>
    /// Ends the start with a sentence when a section of the settings holds a key that <typeparamref name="T"/> lacks, or a value of
    /// another type. Before the binder does: its words name types, not what to write.
    /// </summary>
    public static void Check<T>(IConfigurationSection section)
        where T : new()
    {
        foreach (IConfigurationSection setting in section.GetChildren())
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
    }
}
