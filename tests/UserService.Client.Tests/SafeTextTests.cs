using Users.Client.Output;

namespace Users.Client.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("", "")]
    [InlineData("naïve 名前 مرحبا", "naïve 名前 مرحبا")]
    [InlineData("\U0001F469\u200D\U0001F4BB", "\U0001F469\u200D\U0001F4BB")]
    [InlineData("[red]x[/]", "[red]x[/]")]
    [InlineData("back\\slash", "back\\slash")]
    public void Harmless_text_stays_as_it_is(string text, string expected) => Assert.Equal(expected, SafeText.Neutralise(text));

    [Theory]
    [InlineData("\u001b[31mred", "\\u001B[31mred")]
    [InlineData("\u001b]0;title\u0007", "\\u001B]0;title\\u0007")]
    [InlineData("\u009b31mred", "\\u009B31mred")]
    [InlineData("\u0000", "\\u0000")]
    [InlineData("one\rtwo", "one\\u000Dtwo")]
    [InlineData("one\r\ntwo", "one\\u000D\\u000Atwo")]
    [InlineData("tab\there", "tab\\u0009here")]
    [InlineData("back\bspace", "back\\u0008space")]
    [InlineData("\u007f", "\\u007F")]
    [InlineData("\u0085", "\\u0085")]
    [InlineData("\u2028\u2029", "\\u2028\\u2029")]
    [InlineData("user\u202Egnp.exe", "user\\u202Egnp.exe")]
    [InlineData("\u2066x\u2069", "\\u2066x\\u2069")]
    [InlineData("\u200E\u200F\u061C", "\\u200E\\u200F\\u061C")]
    [InlineData("zero\u200Bwidth", "zero\\u200Bwidth")]
    [InlineData("\uFEFFmark", "\\uFEFFmark")]
    [InlineData("\U000E0041tag", "\\U000E0041tag")]
    public void What_a_terminal_obeys_is_spelled_out(string text, string expected) =>
        Assert.Equal(expected, SafeText.Neutralise(text));

    [Fact]
    public void No_control_character_of_any_set_survives()
    {
        IEnumerable<char> controls = Enumerable.Range(0, 0x20).Append(0x7F).Concat(Enumerable.Range(0x80, 0x20)).Select(c => (char)c);

        Assert.All(controls, control => Assert.Equal($"\\u{(int)control:X4}", SafeText.Neutralise(control.ToString())));
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("a\uFFFDb", SafeText.Neutralise("a" + '\uD83D' + "b"));

    [Fact]
    public void The_longest_text_allowed_is_shown_whole()
    {
        string text = string.Concat(Enumerable.Repeat("\U0001F600", SafeText.MaxRunes));

        Assert.Equal(text, SafeText.Neutralise(text));
    }

    [Fact]
    public void Longer_text_is_cut_and_says_so() =>
        Assert.Equal(new string('x', SafeText.MaxRunes) + "...", SafeText.Neutralise(new string('x', SafeText.MaxRunes + 1)));

    [Theory]
    [InlineData("""{"a": "plain, Zoë, \ud83d\ude00"}""")]
    [InlineData("{\"a\": \"\u202E \u2066 \u0085 \u2028 \U000E0041 \uFEFF\"}")]
    [InlineData("{\"a\": \"\U0001F600 \u0915\u094D\u200D\"}")]
    public void Json_stays_the_same_json_without_what_a_terminal_would_obey(string json)
    {
        string safe = SafeText.NeutraliseJson(json);

        Assert.Equal(safe, SafeText.Neutralise(safe));
        Assert.Equal(
            System.Text.Json.JsonElement.Parse(json).GetProperty("a").GetString(),
            System.Text.Json.JsonElement.Parse(safe).GetProperty("a").GetString());
    }
}
