using System.CommandLine;
using Grpc.Core;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl create NAME EMAIL</c>.</summary>
internal sealed class CreateCommand : Command
{
    private readonly Argument<string> _name = new("NAME") { Description = "1 to 200 characters." };
    private readonly Argument<string> _email = new("EMAIL") { Description = "An address that no other user has." };
    private readonly Option<string?> _requestId = new("--request-id")
    {
        Description = "Makes the creation safe to repeat: with the same id and user nobody is created twice. Drawn when not given.",
        HelpName = "uuid",
    };

    public CreateCommand(ServiceAction action)
        : base("create", "Creates a user.")
    {
        Arguments.Add(_name);
        Arguments.Add(_email);
        Options.Add(_requestId);
        SetAction(action.Of(RunAsync));
    }

    private async Task<int> RunAsync(ParseResult parsed, ServiceAction.Session session, CancellationToken cancellationToken)
    {
        var request = new CreateUserRequest
        {
            Name = parsed.GetRequiredValue(_name),
            Email = parsed.GetRequiredValue(_email),
            RequestId = parsed.GetValue(_requestId) ?? Guid.NewGuid().ToString(),
        };
        try
        {
            session.Report.User(await session.Client.CreateUserAsync(request, cancellationToken: cancellationToken));
            return ExitCodes.Success;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
        {
            throw await CallFailure.ExplainAsync(e, session.Target, cancellationToken,
                $"Whether the user was created is not known; the same command with --request-id {request.RequestId} creates nobody twice.");
        }
    }
}
