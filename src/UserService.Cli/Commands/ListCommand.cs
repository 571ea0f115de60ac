using System.CommandLine;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl list</c>.</summary>
internal sealed class ListCommand : Command
{
    private readonly Option<int> _limit = new("--limit")
    {
        Description = "How many users at most; 0 means all.",
        HelpName = "number",
        CustomParser = result => Numbers.Parse<int>(result, _ => true, "--limit takes a whole number, 0 or more"),
    };
    private readonly Option<string?> _after = UserList.After();

    public ListCommand(ServiceAction action)
        : base("list", "Lists users in the order of their creation.")
    {
        Options.Add(_limit);
        Options.Add(_after);
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        var request = new ListUsersRequest { PageSize = parsed.GetValue(_limit), AfterId = parsed.GetValue(_after) ?? string.Empty };
        await UserList.ReadAsync(session, request, Show, cancellationToken);
        return ExitCodes.Success;

        ValueTask Show(User user)
        {
            session.Report.Row(user);
            return ValueTask.CompletedTask;
        }
    }
}
