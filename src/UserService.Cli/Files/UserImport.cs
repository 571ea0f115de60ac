using System.Text.Json.Nodes;
using Grpc.Core;
using Users.Cli.Commands;
using Users.Cli.Connection;
using Users.Cli.Output;
using Users.Client.Connection;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>
/// Sends users by one CreateUsers call per <see cref="ChunkLength"/>: what a break costs is one chunk, which is sent again
/// with the same request ids.
/// </summary>
internal sealed class UserImport(ServiceAction.Session session)
{
    public const int ChunkLength = 10_000;
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly List<(long Line, CreateUserRequest User)> _chunk = new(ChunkLength);
    private long _answered;
    private bool _wasThere;

    public long Created { get; private set; }

    /// <summary>How many an earlier import of the same lines had created.</summary>
    public long Existing { get; private set; }

    /// <summary>How many users the server refused.</summary>
    public long Refused { get; private set; }

    /// <summary>How many lines hold no user.</summary>
    public long Malformed { get; private set; }

    /// <param name="lines">The users, and the lines that are none.</param>
    /// <param name="show">Told how many lines were read.</param>
    /// <param name="cancellationToken">Interrupts; what was committed stays.</param>
    /// <exception cref="CommandException">A call failed; what was answered before stays.</exception>
    public async Task RunAsync(IAsyncEnumerable<UserLine> lines, Action<long> show, CancellationToken cancellationToken)
    {
        long read = 0;
        await foreach ((long line, CreateUserRequest? user, string? fault) in lines.WithCancellation(cancellationToken))
        {
            show(++read);
            if (user is null)
            {
                Malformed++;
                Tell($"line {line} {fault}", new JsonObject { ["line"] = line, ["error"] = fault });
                continue;
            }

            if (user.RequestId.Length == 0)
            {
                user.RequestId = RequestIds.Of(line, user);
            }

            _chunk.Add((line, user));
            if (_chunk.Count == ChunkLength)
            {
                await FlushAsync(cancellationToken);
            }
        }

        await FlushAsync(cancellationToken);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_chunk.Count == 0)
        {
            return;
        }

        CreateUsersResponse answer = await SendAsync(cancellationToken);
        session.Resumption.Progressed();
        _wasThere = true;
        (Created, Existing, Refused) = (Created + answer.UserCount, Existing + answer.ExistingCount, Refused + answer.FailedCount);
        TellFailures(answer);
        _answered += _chunk.Count;
        _chunk.Clear();
    }

    private async Task<CreateUsersResponse> SendAsync(CancellationToken cancellationToken)
    {
        string advice = $"Of the {_answered} users before line {_chunk[0].Line} each is dealt with; the same import again creates nobody twice.";
        try
        {
            while (true)
            {
                try
                {
                    return await CallAsync(cancellationToken);
                }
                catch (RpcException e) when (!cancellationToken.IsCancellationRequested && session.Resumption.CanFollow(e))
                {
                    // Only a server that was there is waited for.
                    if (!await WasThereAsync(e, cancellationToken))
                    {
                        throw;
                    }

                    await session.WaitAsync(e, $"sending {_chunk.Count} users from line {_chunk[0].Line} on again", cancellationToken);
                }
            }
        }
        catch (RpcException e)
        {
            throw await CallFailure.ExplainAsync(e, session.Target, cancellationToken, advice);
        }
        catch (OperationCanceledException)
        {
            throw new CommandException("Interrupted.", ExitCodes.Interrupted) { Advice = advice };
        }
    }

    // It answered, be it with UNAVAILABLE, or broke off. A token that has expired before anything was done is no use a second time.
    private async Task<bool> WasThereAsync(RpcException exception, CancellationToken cancellationToken) =>
        _wasThere = _wasThere
            || (exception.Status.DebugException is null
                ? !Resumption.IsExpiry(exception)
                : await TransportFault.BrokeOffAsync(exception, session.Target.Address, cancellationToken, session.Target.Tls));

    private async Task<CreateUsersResponse> CallAsync(CancellationToken cancellationToken)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> call =
            session.Client.CreateUsers(cancellationToken: cancellationToken);
        try
        {
            // Sent together with the next one, but for the last.
            call.RequestStream.WriteOptions = Buffered;
            foreach ((_, CreateUserRequest user) in _chunk)
            {
                await call.RequestStream.WriteAsync(user, cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (EndedCall.ExplainsWrite(e))
        {
            // Not from here: the response says why.
        }

        CreateUsersResponse answer = await call.ResponseAsync;
        return (long)answer.UserCount + answer.ExistingCount + answer.FailedCount == _chunk.Count
            ? answer
            : throw new CommandException(
                $"The server answered for other users than the {_chunk.Count} sent from line {_chunk[0].Line} on.", ExitCodes.Failed);
    }

    private void TellFailures(CreateUsersResponse answer)
    {
        foreach ((int position, Google.Rpc.Status status) in answer.Failures.OrderBy(failure => failure.Key))
        {
            if (position >= 0 && position < _chunk.Count)
            {
                Tell(_chunk[position].Line, RpcFailure.Read(status));
            }
        }

        int more = answer.FailedCount - answer.Failures.Count;
        if (more > 0)
        {
            (long first, long last) = (_chunk[0].Line, _chunk[^1].Line);
            Tell(
                $"lines {first} to {last}: {more} more users were refused; the server names only the first of a call.",
                new JsonObject { ["firstLine"] = first, ["lastLine"] = last, ["moreRefused"] = more });
        }
    }

    private void Tell(long line, RpcFailure failure)
    {
        string code = RpcFailure.NameOf(failure.Code);
        var json = new JsonObject { ["line"] = line, ["error"] = failure.Text };
        Report.AddFailure(json, code, failure.Reason, failure.Details);
        // One violation is the text already.
        IEnumerable<string> details = failure.Details.Count > 1 ? failure.Details : [];
        Tell(string.Join("; ", details.Prepend($"line {line}: {code}: {failure.Text}")), json);
    }

    private void Tell(string sentence, JsonObject json) => session.Report.Problem(sentence, json);
}
