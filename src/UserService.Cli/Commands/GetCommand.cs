using System.CommandLine;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl get ID</c>.</summary>
internal sealed class GetCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "The user's id." };

    public GetCommand(ServiceAction action)
        : base("get", "Shows a user.")
    {
        Arguments.Add(_id);
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        var request = new GetUserRequest { Id = parsed.GetRequiredValue(_id) };
        session.Report.User(await session.Client.GetUserAsync(request, cancellationToken: cancellationToken));
        return ExitCodes.Success;
    }
}
