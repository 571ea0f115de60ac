using System.Threading.RateLimiting;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Errors;
using Users.Server.Settings;
using Users.V1;

namespace Users.Server.Users;

/// <summary>
/// CreateUsers: commits what comes in batches, and counts. Memory stays flat whatever the length of a stream and the number of streams: a
/// stream fills one batch, and those that wait for the writer have a budget for all streams together. If the stream breaks, the batches that
/// were committed stay.
/// </summary>
internal sealed class UserImport(UserRepository users, IOptions<Limits> limits, TimeProvider time) : IDisposable
{
    /// <summary>What waits for its commit at most, of all streams together, in KiB; beyond it streams are read no further.</summary>
    public const int MaxWaitingKilobytes = 16 * 1024;

    private const int MaxCommitting = 8;

    private readonly ConcurrencyLimiter _budget = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = MaxWaitingKilobytes,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public async Task<CreateUsersResponse> RunAsync(IAsyncStreamReader<CreateUserRequest> stream, CancellationToken cancellationToken)
    {
        using var reader = new IdleLimitedReader<CreateUserRequest>(stream, limits.Value.StreamIdle, time, cancellationToken);
        var response = new CreateUsersResponse();
        // Some batches wait for their commit, which they may share, while the next one fills.
        var committing = new Queue<Task<CreateUsersResponse>>();
        try
        {
            for (bool more = true; more;)
            {
                var batch = new ImportBatch(limits.Value.MaxListedFailures);
                try
                {
                    more = await FillAsync(batch, reader);
                }
                catch (Exception) when (committing.Count > 0)
                {
                    await EndAsync(committing);
                    if (committing.FirstOrDefault(commit => commit.IsFaulted) is { } first)
                    {
                        // What it could not write was sent before the stream failed.
                        return await first;
                    }

                    throw;
                }

                while (committing.Count >= Math.Min(MaxCommitting, limits.Value.WriteQueueLength))
                {
                    Add(response, await committing.Dequeue());
                }

                committing.Enqueue(CommitAsync(batch, await _budget.AcquireAsync(batch.Kilobytes, cancellationToken), cancellationToken));
            }

            while (committing.TryDequeue(out Task<CreateUsersResponse>? next))
            {
                Add(response, await next);
            }

            return response;
        }
        finally
        {
            // The call ends after everything that it began, each failure of it seen.
            await EndAsync(committing);
        }
    }

    public void Dispose() => _budget.Dispose();

    /// <summary>Whether the stream goes on.</summary>
    private static async ValueTask<bool> FillAsync(ImportBatch batch, IdleLimitedReader<CreateUserRequest> reader)
    {
        while (!batch.IsFull)
        {
            if (!await reader.MoveNextAsync())
            {
                return false;
            }

            var violations = new Violations();
            batch.Add(UserRequests.Read(reader.Current, violations), violations);
        }

        return true;
    }

    private static async Task EndAsync(IEnumerable<Task> commits) =>
        await Task.WhenAll(commits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<CreateUsersResponse> CommitAsync(ImportBatch batch, RateLimitLease room, CancellationToken cancellationToken)
    {
        using (room)
        {
            return batch.Answer(await users.CreateManyAsync(batch.Users, cancellationToken));
        }
    }

    /// <summary>Adds the answer to a later part of the stream.</summary>
    private void Add(CreateUsersResponse response, CreateUsersResponse part)
    {
        int before = response.UserCount + response.ExistingCount + response.FailedCount;
        foreach ((int position, Google.Rpc.Status failure) in part.Failures.OrderBy(failure => failure.Key))
        {
            if (response.Failures.Count < limits.Value.MaxListedFailures)
            {
                response.Failures[before + position] = failure;
            }
        }

        response.UserCount += part.UserCount;
        response.ExistingCount += part.ExistingCount;
        response.FailedCount += part.FailedCount;
    }
}
