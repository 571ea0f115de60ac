using System.CommandLine;
using System.Text.Json.Nodes;
using Grpc.Core;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl delete ID</c>.</summary>
internal sealed class DeleteCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "The user's id." };
    private readonly Option<string?> _etag = Etags.Option();

    public DeleteCommand(ServiceAction action)
        : base("delete", "Deletes a user.")
    {
        Arguments.Add(_id);
        Options.Add(_etag);
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        string id = parsed.GetRequiredValue(_id);
        var request = new DeleteUserRequest
        {
            Id = id,
            Etag = await session.ReadAsync(parsed.GetValue(_etag), id, cancellationToken),
        };
        try
        {
            await session.Client.DeleteUserAsync(request, cancellationToken: cancellationToken);
        }
        catch (RpcException e)
        {
            throw await CallFailure.ExplainAsync(e, session.Target, cancellationToken, Etags.Advise(e.StatusCode, id));
        }

        session.Report.Result($"Deleted {id}.", new JsonObject { ["deleted"] = id });
        return ExitCodes.Success;
    }
}
