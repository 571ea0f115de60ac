using System.Runtime.CompilerServices;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>Users as CSV: a header row names the columns, in any order; others than these are ignored.</summary>
internal static class CsvUsers
{
    private const string Name = "name";
    private const string Email = "email";
    private const string RequestId = "request_id";

    /// <exception cref="CommandException">The header row lacks a column.</exception>
    public static async IAsyncEnumerable<UserLine> ReadAsync(TextReader text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var csv = new CsvReader(new CharSource(text));
        if (!await csv.ReadAsync(cancellationToken))
        {
            throw BadHeader("is empty");
        }

        string[] header = csv.Fault is null ? [.. csv.Fields] : throw BadHeader($"{csv.Fault.TrimEnd('.')}");
        (int name, int email, int requestId) = (Find(header, Name), Find(header, Email), Find(header, RequestId));
        if (name < 0 || email < 0)
        {
            throw BadHeader("lacks one of them");
        }

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
                yield return UserLine.Good(csv.Line, new CreateUserRequest
                {
                    Name = csv.Fields[name],
                    Email = csv.Fields[email],
                    RequestId = requestId < 0 ? string.Empty : csv.Fields[requestId],
                });
            }
        }
    }

    private static int Find(string[] header, string column) =>
        Array.FindIndex(header, field => field.Trim().Equals(column, StringComparison.OrdinalIgnoreCase));

    private static CommandException BadHeader(string what) =>
        new($"The first line must name the columns, name and email among them, but it {what}.", ExitCodes.BadFile);
}
