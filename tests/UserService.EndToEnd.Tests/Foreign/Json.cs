using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Users.EndToEnd.Tests.Foreign;

internal static class Json
{
    /// <summary>Values that stand one after another.</summary>
    public static IReadOnlyList<JsonNode?> ParseMany(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        List<JsonNode?> values = [];
        while (reader.Read())
        {
            values.Add(JsonNode.Parse(ref reader));
        }

        return values;
    }

    /// <summary>Asserts that the answer has these fields with these values; it may have others, unless none are given.</summary>
    public static void AssertHas(JsonNode? expected, JsonNode? answer)
    {
        switch (expected, answer)
        {
            case (JsonObject { Count: > 0 } fields, JsonObject whole):
                Assert.All(fields, field => AssertHas(field.Value, whole[field.Key]));
                break;
            case (JsonArray items, JsonArray whole):
                Assert.Equal(items.Count, whole.Count);
                Assert.All(items, (item, index) => AssertHas(item, whole[index]));
                break;
            default:
                Assert.Equal(expected?.ToJsonString(), answer?.ToJsonString());
                break;
        }
    }
}
