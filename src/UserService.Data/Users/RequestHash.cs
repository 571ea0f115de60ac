using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Users.Data;

/// <summary>Tells a repeated create from another one that reuses its request id.</summary>
internal static partial class RequestHash
{
    /// <summary>SHA-256 in hex, over every field of the create that is not null. So a field that is new leaves older hashes as they are.</summary>
    public static string Of(NewUser user) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(user with { RequestId = null }, Json.Default.NewUser)));

    /// <summary>What becomes of a create whose request id an earlier one has used.</summary>
    /// <param name="earlier">The user that it created.</param>
    /// <param name="stored">The hash of what it asked for.</param>
    /// <param name="create">The one that comes now.</param>
    public static UserWrite Judge(User earlier, string? stored, User create) =>
        Fits(stored, create) ? new UserWrite(UserWriteStatus.Existing, earlier) : new UserWrite(UserWriteStatus.RequestIdReused);

    /// <summary>Whether a create asks for the content of a stored hash.</summary>
    private static bool Fits(string? stored, User create) => stored == create.RequestHash || stored == OlderRequestHash.Of(create);

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(NewUser))]
    private sealed partial class Json : JsonSerializerContext;
}
