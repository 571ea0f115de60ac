using System.Text;
using Users.Cli.Files;
using Users.V1;

namespace Users.Cli.Tests;

/// <summary>The users of a file, from its bytes.</summary>
public sealed class UserLinesTests
{
    private const string NotJson = "is not a JSON object such as";

    [Theory]
    [InlineData("name,email\nAda,a@x\n", "2 Ada a@x ")]
    [InlineData("\uFEFFname,email\r\nAda,a@x\r\n", "2 Ada a@x ")]
    [InlineData("email,request_id,name\na@x,R,Ada", "2 Ada a@x R")]
    [InlineData("id,name,email,etag\n1,Ada,a@x,e", "2 Ada a@x ")]
    [InlineData(" Name , EMAIL\nAda,a@x", "2 Ada a@x ")]
    [InlineData("\"name\",\"email\"\n\"=A, \"\"B\"\"\",a@x", "2 =A, \"B\" a@x ")]
    [InlineData("\n\nname,email\n\nAda,a@x", "5 Ada a@x ")]
    [InlineData("name,email\n", "")]
    [InlineData("name,email\n\"A\nB\",a@x\nC,c@x", "2 A\nB a@x |4 C c@x ")]
    [InlineData("name,email\nAda\nBob,b@x\nC,c@x,d", "2 has not as many fields as the header: 1, not 2.|3 Bob b@x |4 has not as many fields as the header: 3, not 2.")]
    [InlineData("name,email\nA\"da,a@x\nBob,b@x", "2 has a quote inside a field without quotes; put the field in quotes and write the quote twice.|3 Bob b@x ")]
    public async Task Csv(string text, string users) => Assert.Equal(users, await ReadAsync(CsvUsers.ReadAsync, Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("", "the file is empty.")]
    [InlineData("\n\n", "the file is empty.")]
    [InlineData("name\nAda", "it lacks email, and has 'name'.")]
    [InlineData("Ada,ada@example.com\n", "it lacks name, and has 'Ada,ada@example.com'.")]
    [InlineData("\"name,email\nAda,a@x", "it has a quote that is never closed.")]
    [InlineData("name;email\nAda;a@x", "its names have ';' between them; write commas.")]
    [InlineData("name\temail\nAda\ta@x", "its names have '\t' between them; write commas.")]
    [InlineData("sep=,\nname,email\nAda,a@x", "it is a spreadsheet's 'sep='; delete that line, and separate fields by commas.")]
    [InlineData("sep=;\nname;email\nAda;a@x", "it is a spreadsheet's 'sep='; delete that line, and separate fields by commas.")]
    [InlineData("name,email,Email\nAda,a@x,b@x", "it has email twice.")]
    [InlineData("request_id,name,email,request_id\n", "it has request_id twice.")]
    public async Task Csv_without_a_header_is_refused(string text, string reason)
    {
        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(CsvUsers.ReadAsync, Encoding.UTF8.GetBytes(text)));

        Assert.Equal((ExitCodes.BadFile, $"The first line must name the columns, as in 'name,email', but {reason}"), (failure.ExitCode, failure.Message));
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    public async Task A_file_in_UTF_16_is_refused_as_such(string encoding, bool hasMark)
    {
        Encoding utf16 = Encoding.GetEncoding(encoding);
        byte[] Bytes(string text) => [.. hasMark ? utf16.GetPreamble() : [], .. utf16.GetBytes(text)];

        CommandException csv = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(CsvUsers.ReadAsync, Bytes("name,email\nAda,a@x\n")));
        CommandException ndjson = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(NdjsonUsers.ReadAsync, Bytes("{\"name\": \"Ada\"}\n")));

        Assert.Equal("The first line must name the columns, as in 'name,email', but it is UTF-16; save the file as UTF-8.", csv.Message);
        Assert.Equal("The file is UTF-16; save it as UTF-8.", ndjson.Message);
    }

    // As large as the server's limit of a message it would end the call of all the others.
    [Fact]
    public async Task A_user_that_fits_no_message_is_a_bad_line_of_its_own()
    {
        string huge = new('x', 60_000);

        Assert.Equal(
            "2 is too long: 60009 bytes, where a user has at most 4096.|3 Ada a@x ",
            await ReadAsync(CsvUsers.ReadAsync, Encoding.UTF8.GetBytes($"name,email\n{huge},a@x\nAda,a@x\n")));
    }

    [Theory]
    [InlineData("{\"name\":\"Ada\",\"email\":\"a@x\"}\n", "1 Ada a@x ")]
    [InlineData("\uFEFF{\"name\":\"Ada\",\"email\":\"a@x\"}", "1 Ada a@x ")]
    [InlineData("\r\n  \n{\"email\":\"a@x\",\"requestId\":\"R\"}\r\n", "3  a@x R")]
    [InlineData("{\"request_id\":\"R\"}", "1   R")]
    [InlineData("{\"id\":7,\"more\":{\"a\":[1]},\"name\":\"A\\nd\\u0061\"}", "1 A\nda  ")]
    [InlineData("{}", "1   ")]
    public async Task Ndjson(string text, string users) => Assert.Equal(users, await ReadAsync(NdjsonUsers.ReadAsync, Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"Ada\"")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"name\":7}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("name,email")]
    public async Task A_line_that_is_no_such_object_is_told_and_the_next_one_read(string line) => Assert.Matches(
        $"^1 {NotJson}.*\\|2 Bob  $", await ReadAsync(NdjsonUsers.ReadAsync, Encoding.UTF8.GetBytes($"{line}\n{{\"name\":\"Bob\"}}")));

    [Fact]
    public async Task A_line_beyond_the_limit_is_told_and_the_next_one_read()
    {
        string longest = new(' ', LineReader.MaxLength - 2);

        Assert.Equal(
            "1   |2 has more than 65536 characters.|3   ",
            await ReadAsync(NdjsonUsers.ReadAsync, Encoding.UTF8.GetBytes($"{longest}{{}}\n{longest} {{}}\n{{}}")));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_cost_their_line_alone()
    {
        byte[] csv = [.. "name,email\nB"u8, 0xFF, .. "b,b@x\nZo\u00EB,z@x\n"u8];
        byte[] json = [.. "{\"name\":\"B"u8, 0xC3, .. "\"}\n{\"name\":\"Zo\u00EB\"}"u8];

        Assert.Equal("2 is not UTF-8.|3 Zoë z@x ", await ReadAsync(CsvUsers.ReadAsync, csv));
        Assert.Equal("1 is not UTF-8.|2 Zoë  ", await ReadAsync(NdjsonUsers.ReadAsync, json));
    }

    [Fact]
    public async Task UTF16_is_told_rather_than_guessed() =>
        await Assert.ThrowsAsync<CommandException>(() => ReadAsync(CsvUsers.ReadAsync, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("name,email\n")]));

    [Fact]
    public void A_request_id_is_a_UUID_of_version_8_that_depends_on_all_of_the_line()
    {
        var user = new CreateUserRequest { Name = "Ada", Email = "a@x" };
        string id = RequestIds.Of(2, user);

        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id);
        // Another value here would create everybody twice who was imported by an earlier version.
        Assert.Equal("a03befe2-765e-8863-bc47-f353da7b94ab", id);
        Assert.Equal(id, RequestIds.Of(2, user.Clone()));
        string[] others =
        [
            RequestIds.Of(3, user),
            RequestIds.Of(2, new CreateUserRequest { Name = "Adb", Email = "a@x" }),
            RequestIds.Of(2, new CreateUserRequest { Name = "Ada", Email = "b@x" }),
            RequestIds.Of(2, new CreateUserRequest { Name = "Ada:a", Email = "@x" }),
            RequestIds.Of(2, new CreateUserRequest { Name = "Ad", Email = "aa@x" }),
        ];
        Assert.Equal(others.Length + 1, others.Append(id).Distinct().Count());
    }

    private static async Task<string> ReadAsync(Func<TextReader, CancellationToken, IAsyncEnumerable<UserLine>> read, byte[] bytes)
    {
        using StreamReader text = DataFile.Text(new MemoryStream(bytes));
        return string.Join('|', await read(text, TestContext.Current.CancellationToken)
            .Select(line => line.User is { } user ? $"{line.Line} {user.Name} {user.Email} {user.RequestId}" : $"{line.Line} {line.Fault}")
            .ToListAsync(TestContext.Current.CancellationToken));
    }
}
