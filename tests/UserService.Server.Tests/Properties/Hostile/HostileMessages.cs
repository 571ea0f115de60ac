using System.Collections;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Users.V1;

namespace Users.Server.Tests.Properties.Hostile;

/// <summary>Messages of any type, made by walking its descriptor: a new field is covered by itself.</summary>
internal sealed class HostileMessages(HostileValues values)
{
    /// <summary>The methods of the contract that end by themselves.</summary>
    public static readonly MethodDescriptor[] Methods =
        [.. UserService.Descriptor.Methods, .. RoomService.Descriptor.Methods.Where(method => !method.IsServerStreaming)];

    // An unknown field of each wire type: varint, 64 bit, bytes, a group, 32 bit. Numbers 1000 to 1004.
    private static readonly byte[][] UnknownFields =
    [
        [0xC0, 0x3E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0xC9, 0x3E, 1, 2, 3, 4, 5, 6, 7, 8],
        [0xD2, 0x3E, 3, 0xFF, 0xFE, 0],
        [0xDB, 0x3E, 0x08, 0x01, 0xDC, 0x3E],
        [0xE5, 0x3E, 1, 2, 3, 4],
    ];

    /// <summary>As it goes over the wire: also with fields that are unknown, or that are there twice.</summary>
    public Gen<byte[]> Encoded(MessageDescriptor type) => Gen.Frequency(
        (6, Of(type).Select(message => message.ToByteArray())),
        (1, from message in Of(type)
            from unknown in Gen.SubListOf(UnknownFields)
            select (byte[])[.. unknown.SelectMany(field => field), .. message.ToByteArray(), .. unknown.SelectMany(field => field)]),
        (1, from first in Of(type)
            from second in Of(type)
            select (byte[])[.. first.ToByteArray(), .. second.ToByteArray()]));

    private Gen<IMessage> Of(MessageDescriptor type) =>
        Gen.CollectToArray(type.Fields.InDeclarationOrder(), field => Gen.Frequency(
            (1, Gen.Constant(Array.Empty<object>())), (3, Values(field)))).Select(fields => Build(type, fields));

    private Gen<object[]> Values(FieldDescriptor field) =>
        field.IsMap ? Gen.Zip(ValueOf(field.MessageType.Fields[1]), ValueOf(field.MessageType.Fields[2]))
            .Select(pair => (object)new DictionaryEntry(pair.Item1, pair.Item2)).ListOf().Select(entries => entries.ToArray())
        : field.IsRepeated ? ValueOf(field).ListOf().Select(elements => elements.ToArray())
        : ValueOf(field).Select(value => new[] { value });

    private Gen<object> ValueOf(FieldDescriptor field) => values.Of(field, Of);

    private static IMessage Build(MessageDescriptor type, object[][] fields)
    {
        IMessage message = type.Parser.ParseFrom(ByteString.Empty);
        foreach ((FieldDescriptor field, object[] elements) in type.Fields.InDeclarationOrder().Zip(fields))
        {
            foreach (object element in elements)
            {
                switch (field.Accessor.GetValue(message))
                {
                    case IDictionary map: map[((DictionaryEntry)element).Key] = ((DictionaryEntry)element).Value; break;
                    case IList list: list.Add(element); break;
                    default: field.Accessor.SetValue(message, element); break;
                }
            }
        }

        return message;
    }
}
