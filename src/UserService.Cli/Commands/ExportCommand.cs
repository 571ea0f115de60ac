using System.CommandLine;
using System.Text.Json.Nodes;
using Users.Cli.Files;
using Users.Client.Output;
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
            if (request.AfterId.Length > 0)
            {
                await CutAsync(session, request, file, format);
            }

            long count = await WriteAsync(session, request, file, format, cancellationToken);
            if (file != DataFile.Standard)
            {
                session.Report.Result($"{count} users written to {file}.", new JsonObject { ["users"] = count, ["file"] = file });
            }

            return ExitCodes.Success;
        }
        catch (IOException e)
        {
            throw file == DataFile.Standard ? StandardStreams.Failure(e) : await ExplainAsync(file, format, e);
        }
        finally
        {
            session.Screen.EndStatus();
        }
    }

    /// <summary>Cuts off the half row at the end of the file, if there is one, and goes on after the user before it.</summary>
    private static async Task CutAsync(ServiceAction.Session session, ListUsersRequest request, string file, DataFormat format)
    {
        if (file == DataFile.Standard || !File.Exists(file))
        {
            return;
        }

        await using Stream stream = DataFile.OpenChange(file);
        if (!stream.CanSeek)
        {
            return;
        }

        WholeRows whole = await WholeRows.FindAsync(stream, format);
        if (whole.End == stream.Length)
        {
            return;
        }

        request.AfterId = whole.LastId ?? throw new CommandException(
            $"{file} ends in the middle of its first row, or is no such export: export to it anew, without --after.", ExitCodes.BadFile);
        stream.SetLength(whole.End);
        session.Report.Note($"{file} ended in the middle of a row, which is cut off; going on after {whole.LastId}.");
    }

    // What the program wrote last need not be on the disk.
    private static async Task<CommandException> ExplainAsync(string file, DataFormat format, IOException failure)
    {
        CommandException sentence = FileFailure.Of(file, "written", failure);
        string advice;
        try
        {
            await using Stream stream = DataFile.OpenRead(file);
            advice = await WholeRows.FindAsync(stream, format) is { LastId: { } id }
                ? $"It is whole up to the user {id}; --after {id} goes on from there."
                : "It holds no whole user.";
        }
        catch (Exception e) when (e is IOException or CommandException or NotSupportedException)
        {
            advice = "Whether users are in it is not known.";
        }

        return new CommandException(sentence.Message, sentence.ExitCode) { Advice = advice };
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
