using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Users.Server.Settings;

/// <summary>Checks each <see cref="RangeAttribute"/> of a section, and says by its setting's name what is out of range: the framework's own words name fields.</summary>
internal sealed class RangeSentences<T>(string section) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        string[] wrong =
        [
            .. from property in typeof(T).GetProperties()
               let range = property.GetCustomAttribute<RangeAttribute>()
               where range is not null
               // Also makes the bounds what the property is; as they stand in the code they are text.
               where !range.IsValid(property.GetValue(options))
               select $"{section}:{property.Name} must be {range.Minimum} to {range.Maximum}.",
        ];
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
