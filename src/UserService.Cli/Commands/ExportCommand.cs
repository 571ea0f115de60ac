using System.CommandLine;
using System.Text.Json.Nodes;
using Users.Cli.Files;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl export [FILE]</c>.</summary>
internal sealed class ExportCommand : Command
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "Where to; - is standard output.",
        DefaultValueFactory = _ => DataFile.Standard,
    };
    private readonly Option<string?> _format = DataFormats.Option();
    private readonly Option<string?> _after = UserList.After();

    public ExportCommand(ServiceAction action)
        : base("export", "Writes all users to a file that import can read; --after goes on with one that broke off.")
    {
        Arguments.Add(_file);
        Options.Add(_format);
        Options.Add(_after);
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        string file = parsed.GetRequiredValue(_file);
        DataFormat format = DataFormats.Of(parsed.GetValue(_format), file) ?? (session.Target.Json ? DataFormat.Ndjson : DataFormat.Csv);
        var request = new ListUsersRequest { AfterId = parsed.GetValue(_after) ?? string.Empty };
        try
        {
            long count = await WriteAsync(session, request, file, format, cancellationToken);
            if (file != DataFile.Standard)
            {
                session.Report.Result($"{count} users written to {file}.", new JsonObject { ["users"] = count, ["file"] = file });
            }

            return ExitCodes.Success;
        }
        catch (IOException e)
        {
            throw FileFailure.Of(file == DataFile.Standard ? "Standard output" : file, "written", e);
        }
        finally
        {
            session.Screen.EndStatus();
        }
    }

    private static async Task<long> WriteAsync(
        ServiceAction.Session session, ListUsersRequest request, string file, DataFormat format, CancellationToken cancellationToken)
    {
        bool goesOn = request.AfterId.Length > 0;
        // Disposed, and so flushed, however the list ends: the id to go on after counts on it.
        await using var users = new UserWriter(() => DataFile.OpenWrite(file, append: goesOn), format, goesOn);
        var progress = new TransferProgress(session.Screen, TimeProvider.System, "exporting");
        long written = 0;
        long count = await UserList.ReadAsync(session, request, TakeAsync, cancellationToken);
        await users.StartAsync();
        return count;

        ValueTask TakeAsync(User user)
        {
            progress.Show(++written);
            return users.WriteAsync(user);
        }
    }
}
