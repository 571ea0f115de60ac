using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl update ID</c>.</summary>
internal sealed class UpdateCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "The user's id." };
    private readonly Option<string?> _name = new("--name") { Description = "The new name.", HelpName = "name" };
    private readonly Option<string?> _email = new("--email") { Description = "The new email.", HelpName = "email" };
    private readonly Option<string?> _etag = Etags.Option();

    public UpdateCommand(ServiceAction action)
        : base("update", "Changes a user's name, email or both.")
    {
        Arguments.Add(_id);
        Options.Add(_name);
        Options.Add(_email);
        Options.Add(_etag);
        Validators.Add(result =>
        {
            if (result.GetResult(_name) is null && result.GetResult(_email) is null)
            {
                result.AddError("update takes --name, --email or both.");
            }
        });
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        string id = parsed.GetRequiredValue(_id);
        var request = new UpdateUserRequest
        {
            Id = id,
            Name = parsed.GetValue(_name) ?? string.Empty,
            Email = parsed.GetValue(_email) ?? string.Empty,
            UpdateMask = new FieldMask(),
            Etag = await session.ReadAsync(parsed.GetValue(_etag), id, cancellationToken),
        };
        // Named even when empty, so that the server says what is wrong with it.
        request.UpdateMask.Paths.Add(new[] { _name, _email }.Where(option => parsed.GetResult(option) is not null).Select(option => option.Name[2..]));
        try
        {
            session.Report.User(await session.Client.UpdateUserAsync(request, cancellationToken: cancellationToken));
            return ExitCodes.Success;
        }
        catch (RpcException e)
        {
            throw await CallFailure.ExplainAsync(e, session.Target, cancellationToken, Etags.Advise(e.StatusCode, id));
        }
    }
}
