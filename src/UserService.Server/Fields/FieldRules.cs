using System.Text;
using Users.Server.Errors;

namespace Users.Server.Fields;

/// <summary>What a single field must be. Each rule answers the value as it is stored, and adds what is wrong to the violations.</summary>
internal static class FieldRules
{
    public const int MaxNameLength = 200;
    public const int MaxEmailLength = 254;

    public static string Name(this Violations violations, string value)
    {
        string name = value.Trim();
        if (name.Length == 0)
        {
            violations.Add("name", "is required: give 1 to 200 characters.");
        }
        else if (IsLongerThan(name, MaxNameLength))
        {
            violations.Add("name", "is too long: give at most 200 characters.");
        }
        else
        {
            violations.Shown("name", name);
        }

        return name;
    }

    /// <summary>A text that people see: without what would deceive them.</summary>
    public static void Shown(this Violations violations, string field, string value)
    {
        if (HasControl(value))
        {
            violations.Add(field, "must not contain control characters.");
        }
        else if (Visible.Reorders(value))
        {
            violations.Add(field, "must not contain characters that reorder or break the line: U+202A to U+202E, U+2066 to U+2069, U+2028, U+2029.");
        }
        else if (Visible.IsNothing(value))
        {
            violations.Add(field, "must have a character that can be seen.");
        }
    }

    public static string Email(this Violations violations, string value)
    {
        if (value.Length == 0)
        {
            violations.Add("email", "is required: give an address such as ada@example.com.");
        }
        else if (value.Length > MaxEmailLength)
        {
            violations.Add("email", "is too long: give at most 254 characters.");
        }
        else if (!AddrSpec.IsMatch(value))
        {
            violations.Add("email", $"is not an email address: {Violations.Echo(value)}. Give one such as ada@example.com, without spaces.");
        }

        return value;
    }

    /// <summary>A required UUID, answered in the lowercase form in which ids are kept.</summary>
    public static string Id(this Violations violations, string field, string value)
    {
        if (value.Length == 0)
        {
            violations.Add(field, "is required: give a UUID.");
        }
        else if (Uuids.TryParse(value, out _))
        {
            return value.ToLowerInvariant();
        }
        else
        {
            violations.Add(field, $"is not a UUID of the form 8-4-4-4-12: {Violations.Echo(value)}.");
        }

        return value;
    }

    /// <summary>A UUID that may be left empty, then null.</summary>
    public static string? OptionalId(this Violations violations, string field, string value) =>
        value.Length == 0 ? null : violations.Id(field, value);

    public static bool IsLongerThan(string value, int codePoints) =>
        value.Length > codePoints && value.EnumerateRunes().Skip(codePoints).Any();

    public static bool HasControl(string value) => value.EnumerateRunes().Any(Rune.IsControl);
}
