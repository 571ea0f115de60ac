using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Users.Cli.Output;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>The fields of a user as the contract has them, so that files, requests and reports leave none out.</summary>
internal static class UserFields
{
    /// <summary>Of a user.</summary>
    public static IReadOnlyList<FieldDescriptor> All { get; } = User.Descriptor.Fields.InFieldNumberOrder().ToArray();

    /// <summary>Of a user to create, with the request id.</summary>
    public static IReadOnlyList<FieldDescriptor> OfCreate { get; } = CreateUserRequest.Descriptor.Fields.InFieldNumberOrder().ToArray();

    /// <summary>What an update can change.</summary>
    public static IReadOnlyList<FieldDescriptor> OfUpdate { get; } =
        [.. UpdateUserRequest.Descriptor.Fields.InFieldNumberOrder().Where(field => CreateUserRequest.Descriptor.FindFieldByName(field.Name) is not null)];

    /// <summary>A field's value as a text; a time by this format.</summary>
    public static string Text(this FieldDescriptor field, IMessage message, string timeFormat = "") => field.Accessor.GetValue(message) switch
    {
        string text => text,
        Timestamp time => UserTimes.Format(time, timeFormat),
        var other => $"{other}",
    };

    public static void Set(this FieldDescriptor field, IMessage message, string value) => field.Accessor.SetValue(message, value);
}
