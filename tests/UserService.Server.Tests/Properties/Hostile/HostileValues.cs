using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Users.Server.Tests.Properties.Hostile;

/// <summary>
/// Values that a well-formed message may hold and nobody sends. More than half of the texts are plausible for a field of that
/// name, so that calls get past the first check with something hostile elsewhere.
/// </summary>
internal sealed class HostileValues(IReadOnlyDictionary<string, string[]> plausible)
{
    private static readonly string[] Strange =
    [
        "", " ", "\0", "a\0b", "\r\n", "\u001b[2J\u001b[31m", "\u0085\u009b", "\u202e\u2066evil\u2069", "\ufeff",
        "\ufffe\uffff", "\ufffd",
        "e\u0301\u0301\u0301", "👩‍👩‍👧‍👦🏴‍☠️", "\U0010ffff", "ﷺ", "İıſK", "'; DROP TABLE users; --", "\" OR \"\"=\"", "%s%n", "{0}{1}", "%00%0a",
        "../../etc/passwd",
        "{\"a\":[", "[]", "$[0]", "NULL", "nan", "*", "name", "email", "id", "name.first", "update_mask", "Name", ",", "`", "\\",
        "a@", "@b", "a@b@c",
        "\"\\\0\"@b", "a@[\u007f]", "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "１2345678-1234-1234-1234-123456789012",
    ];

    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 255, int.MaxValue, int.MinValue, 1L + int.MaxValue, long.MaxValue, long.MinValue, long.MaxValue - 1,
        253_402_300_799, 253_402_300_800, -62_135_596_801, 999_999_999, 1_000_000_000,
    ];

    private static readonly Gen<string> AnyText =
        Gen.OneOf(Gen.Choose(0, 0x7F), Gen.Choose(0, 0x2FFF), Gen.Choose(0, 0xD7FF), Gen.Choose(0xE000, 0x10FFFF))
            .Select(rune => new Rune(rune).ToString()).ListOf().Select(string.Concat);

    private static readonly Gen<long> Numbers = Gen.OneOf(Gen.Elements(Edges), Gen.Choose(-5, 1_000).Select(number => (long)number));

    private static readonly Gen<string> Texts = Gen.Frequency(
        (6, Gen.Elements(Strange)), (2, AnyText),
        (1, from text in Gen.Elements([.. Strange.Skip(1), "x"])
            from length in Gen.Elements(200, 4_000, 20_000, 64_000)
            select string.Concat(Enumerable.Repeat(text, length / Encoding.UTF8.GetByteCount(text)))));

    /// <summary>A value of a field without its label: of one element, when the field is repeated.</summary>
    public Gen<object> Of(FieldDescriptor field, Func<MessageDescriptor, Gen<IMessage>> messages) => field.FieldType switch
    {
        FieldType.String => TextsOf(field.Name).Select(text => (object)text),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Numbers.Select(number => (object)unchecked((int)number)),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Numbers.Select(number => (object)number),
        FieldType.Bytes => AnyText.Select(text => (object)ByteString.CopyFromUtf8(text)),
        FieldType.Message => messages(field.MessageType).Select(message => (object)message),
        // So that a field of another kind is thought of here.
        _ => throw new NotSupportedException($"No hostile value is known for {field.FullName}, a {field.FieldType}."),
    };

    private Gen<string> TextsOf(string field) => plausible.TryGetValue(field, out string[]? known)
        ? Gen.Frequency((3, Gen.Elements(known)), (1, Texts))
        : Texts;
}
