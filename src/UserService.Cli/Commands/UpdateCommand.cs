using System.CommandLine;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Users.Cli.Files;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary><c>userctl update ID</c>.</summary>
internal sealed class UpdateCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "The user's id." };
    private readonly (FieldDescriptor Field, Option<string?> Option)[] _fields =
        [.. UserFields.OfUpdate.Select(field => (field, new Option<string?>($"--{field.Name}") { Description = $"The new {field.Name}.", HelpName = field.Name }))];
    private readonly Option<string?> _etag = Etags.Option();

    public UpdateCommand(ServiceAction action)
        : base("update", $"Changes a user's {string.Join(", ", UserFields.OfUpdate.Select(field => field.Name))}; what is not given stays.")
    {
        Arguments.Add(_id);
        Array.ForEach(_fields, field => Options.Add(field.Option));
        Options.Add(_etag);
        Validators.Add(result =>
        {
            if (_fields.All(field => result.GetResult(field.Option) is null))
            {
                result.AddError($"update takes at least one of {string.Join(", ", _fields.Select(field => field.Option.Name))}.");
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
            UpdateMask = new FieldMask(),
            Etag = await session.ReadAsync(parsed.GetValue(_etag), id, cancellationToken),
        };
        // Named even when empty, so that the server says what is wrong with it.
        foreach ((FieldDescriptor field, Option<string?> option) in _fields.Where(field => parsed.GetResult(field.Option) is not null))
        {
            field.Set(request, parsed.GetValue(option) ?? string.Empty);
            request.UpdateMask.Paths.Add(field.Name);
        }

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
