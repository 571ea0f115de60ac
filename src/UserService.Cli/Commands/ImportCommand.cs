using System.CommandLine;
using System.Text.Json.Nodes;
using Users.Cli.Files;

namespace Users.Cli.Commands;

/// <summary><c>userctl import FILE</c>.</summary>
internal sealed class ImportCommand : Command
{
    private readonly Argument<string> _file = new("FILE") { Description = "CSV with a header row, or NDJSON; - is standard input." };
    private readonly Option<string?> _format = DataFormats.Option();

    public ImportCommand(ServiceAction action)
        : base("import", "Creates the users of a file; the same file again creates nobody twice.")
    {
        Arguments.Add(_file);
        Options.Add(_format);
        Validators.Add(result =>
        {
            if (result.GetValue(_file) is { } file && DataFormats.Of(result.GetValue(_format), file) is null)
            {
                result.AddError($"Say --format csv or --format ndjson: '{file}' does not tell.");
            }
        });
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        string file = parsed.GetRequiredValue(_file);
        await using Stream stream = DataFile.OpenRead(file);
        using StreamReader text = DataFile.Text(stream);
        IAsyncEnumerable<UserLine> lines = DataFormats.Of(parsed.GetValue(_format), file) is DataFormat.Csv
            ? CsvUsers.ReadAsync(text, cancellationToken)
            : NdjsonUsers.ReadAsync(text, cancellationToken);
        var import = new UserImport(session);
        var progress = new TransferProgress(session.Screen, TimeProvider.System, "importing", stream.CanSeek ? stream.Length : null);
        try
        {
            await import.RunAsync(lines, read => progress.Show(read, stream.CanSeek ? stream.Position : 0), cancellationToken);
        }
        catch (IOException e)
        {
            throw FileFailure.Of(file, "read", e);
        }
        finally
        {
            session.Screen.EndStatus();
        }

        session.Report.Result(
            $"{import.Created} created, {import.Existing} already there, {import.Refused} refused, {import.Malformed} bad lines.",
            new JsonObject
            {
                ["created"] = import.Created,
                ["existing"] = import.Existing,
                ["refused"] = import.Refused,
                ["malformed"] = import.Malformed,
            });
        return import.Refused + import.Malformed == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}
