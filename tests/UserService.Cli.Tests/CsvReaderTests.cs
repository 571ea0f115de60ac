using Users.Cli.Files;

namespace Users.Cli.Tests;

public sealed class CsvReaderTests
{
    // A record is written as its line, then its fields, each behind a |.
    public static TheoryData<string, string[]> WellFormed => new()
    {
        { "", [] },
        { "\n\r\n\r", [] },
        { "a", ["1|a"] },
        { "a,b", ["1|a|b"] },
        { "a,b\n", ["1|a|b"] },
        { "a,b\r\nc,d\r\n", ["1|a|b", "2|c|d"] },
        { "a,b\rc,d\r", ["1|a|b", "2|c|d"] },
        { "a\n\n\r\nb", ["1|a", "4|b"] },
        { ",", ["1||"] },
        { "a,\n,b", ["1|a|", "2||b"] },
        { " a , b ", ["1| a | b "] },
        { "\"\"", ["1|"] },
        { "\"a\"", ["1|a"] },
        { "\"a\",\"b\"\r\n", ["1|a|b"] },
        { "\"a,b\",c", ["1|a,b|c"] },
        { "\"a\"\"b\"", ["1|a\"b"] },
        { "\"\"\"\"", ["1|\""] },
        { "\"\"\"a\"\"\"", ["1|\"a\""] },
        { "\"a\nb\",c\nd", ["1|a\nb|c", "3|d"] },
        { "\"a\r\nb\rc\"\r\nd", ["1|a\r\nb\rc", "4|d"] },
        { "\"\n\"\n\"\n\"", ["1|\n", "3|\n"] },
        { "a,b,c\nd", ["1|a|b|c", "2|d"] },
        { "Zoë,\U0001F600", ["1|Zoë|\U0001F600"] },
    };

    // What comes after a malformed record is read as if it had not been there.
    public static TheoryData<string, string[]> Malformed => new()
    {
        { "a\"b,c\nd", ["1!has a quote inside a field without quotes", "2|d"] },
        { "x\n\"a\"b,c\r\nd", ["1|x", "2!has text behind a closing quote", "3|d"] },
        { "\"a\" ,b\nd", ["1!has text behind a closing quote", "2|d"] },
        { "x\n\"a\nb\"c\nd", ["1|x", "2!has text behind a closing quote", "4|d"] },
        { "x\n\"a,b\nc", ["1|x", "2!has a quote that is never closed"] },
        { "\"", ["1!has a quote that is never closed"] },
        { "a\"", ["1!has a quote inside a field without quotes"] },
        { "a\"\"b", ["1!has a quote inside a field without quotes"] },
    };

    [Theory]
    [MemberData(nameof(WellFormed))]
    [MemberData(nameof(Malformed))]
    public async Task A_text_is_read_as_its_records(string text, string[] records) => Assert.Equal(records, await ReadAsync(new StringReader(text)));

    [Theory]
    [MemberData(nameof(WellFormed))]
    [MemberData(nameof(Malformed))]
    public async Task It_makes_no_difference_where_a_buffer_ends(string text, string[] records) =>
        Assert.Equal(records, await ReadAsync(new OneByOne(text)));

    [Theory]
    [InlineData("", "\n")]
    [InlineData("\"", "\"\n")]
    public async Task A_record_of_the_longest_length_is_read(string before, string after)
    {
        string field = new('a', CsvReader.MaxRecordLength - before.Length - after.Length);

        Assert.Equal([$"1|{field}", "2|b"], await ReadAsync(new StringReader($"{before}{field}{after}b")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("a,")]
    public async Task A_longer_record_is_skipped_up_to_its_line_s_end(string before)
    {
        string field = new('a', CsvReader.MaxRecordLength + 1);

        Assert.Equal(
            ["1!has more than 65536 characters", "2|b"], await ReadAsync(new StringReader($"{before}{field}\nb")));
    }

    [Fact]
    public async Task A_forgotten_quote_costs_no_more_than_the_longest_record()
    {
        const int Lines = 20_000;
        string text = "\"never closed\n" + string.Concat(Enumerable.Range(2, Lines).Select(line => $"line {line:00000}\n"));

        IReadOnlyList<string> records = await ReadAsync(new StringReader(text));

        Assert.StartsWith("1!has more than 65536 characters", records[0], StringComparison.Ordinal);
        // Each line has 11 characters with its end.
        Assert.InRange(Lines - (records.Count - 1), 65_536 / 11, (65_536 / 11) + 2);
        Assert.All(records.Skip(1), record => Assert.Equal($"line {record.Split('|')[0].PadLeft(5, '0')}", record.Split('|')[1]));
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(TextReader text)
    {
        List<string> records = [];
        var csv = new CsvReader(new CharSource(text));
        while (await csv.ReadAsync(TestContext.Current.CancellationToken))
        {
            records.Add(csv.Fault is null
                ? $"{csv.Line}|{string.Join('|', csv.Fields)}"
                : $"{csv.Line}!{csv.Fault.Split([';', '.'])[0]}");
        }

        return records;
    }

    private sealed class OneByOne(string text) : StringReader(text)
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..1], cancellationToken);
    }
}
