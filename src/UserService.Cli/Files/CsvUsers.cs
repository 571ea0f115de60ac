using System.Runtime.CompilerServices;
using Google.Protobuf.Reflection;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>Users as CSV: a header row names the columns, in any order; others than these are ignored.</summary>
internal static class CsvUsers
{
    private const int LongestShown = 100;
    private static readonly string[] Required = ["name", "email"];

    /// <exception cref="CommandException">The header row is none.</exception>
    public static async IAsyncEnumerable<UserLine> ReadAsync(TextReader text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var csv = new CsvReader(new CharSource(text));
        string[] header = await csv.ReadAsync(cancellationToken) ? [.. csv.Fields.Select(field => field.Trim())] : throw BadHeader("the file is empty");
        if ((csv.Fault is null ? FaultOf(header) : $"it {csv.Fault.TrimEnd('.')}") is { } fault)
        {
            throw BadHeader(fault);
        }

        (FieldDescriptor Field, int Column)[] columns =
            [.. UserFields.OfCreate.Select(field => (field, Find(header, field.Name))).Where(column => column.Item2 >= 0)];
        while (await csv.ReadAsync(cancellationToken))
        {
            if (csv.Fault is not null)
            {
                yield return UserLine.Bad(csv.Line, csv.Fault);
            }
            else if (csv.Fields.Count != header.Length)
            {
                yield return UserLine.Bad(csv.Line, $"has not as many fields as the header: {csv.Fields.Count}, not {header.Length}.");
            }
            else
            {
                var user = new CreateUserRequest();
                Array.ForEach(columns, column => column.Field.Set(user, csv.Fields[column.Column]));
                yield return UserLine.Good(csv.Line, user);
            }
        }
    }

    // What spreadsheets and other programs write instead, before what is merely missing.
    private static string? FaultOf(string[] header) =>
        Array.Exists(header, field => field.Contains('\0', StringComparison.Ordinal)) ? "it is UTF-16; save the file as UTF-8"
        : header[0].StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? "it is a spreadsheet's 'sep='; delete that line, and separate fields by commas"
        : header is [var only] && only.IndexOfAny([';', '\t', '|']) is >= 0 and var at ? $"its names have '{only[at]}' between them; write commas"
        : UserFields.OfCreate.FirstOrDefault(column => header.Count(field => Is(field, column.Name)) > 1)?.Name is { } twice ? $"it has {twice} twice"
        : Required.FirstOrDefault(column => Find(header, column) < 0) is { } missing ? $"it lacks {missing}, and has {Shown(header)}"
        : null;

    private static string Shown(string[] header)
    {
        string all = string.Join(',', header);
        return all.Length <= LongestShown ? $"'{all}'" : $"'{all[..LongestShown]}...'";
    }

    private static int Find(string[] header, string column) => Array.FindIndex(header, field => Is(field, column));

    private static bool Is(string field, string column) => field.Equals(column, StringComparison.OrdinalIgnoreCase);

    private static CommandException BadHeader(string fault) =>
        new($"The first line must name the columns, as in 'name,email', but {fault}.", ExitCodes.BadFile);
}
