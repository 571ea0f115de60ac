using Grpc.Core;
using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Errors;
using Users.Server.Settings;
using Users.V1;

namespace Users.Server.Users;

/// <summary>
/// CreateUsers: commits what comes in batches, and counts. Memory stays flat whatever the length: a few batches, and the first
/// failures. If the stream breaks, the batches that were committed stay.
/// </summary>
internal sealed class UserImport(UserRepository users, IOptions<Limits> limits, TimeProvider time)
{
    private const int MaxCommitting = 8;

    public async Task<CreateUsersResponse> RunAsync(IAsyncStreamReader<CreateUserRequest> stream, CancellationToken cancellationToken)
    {
        using var reader = new IdleLimitedReader<CreateUserRequest>(stream, limits.Value.StreamIdle, time, cancellationToken);
        var response = new CreateUsersResponse();
        // Some batches wait for their commit, which they may share, while the next one fills.
        var committing = new Queue<(List<Item> Batch, Task<IReadOnlyList<UserWrite>> Writes)>();
        List<Item> batch = [];
        try
        {
            while (await reader.MoveNextAsync())
            {
                var violations = new Violations();
                batch.Add(new Item(UserRequests.Read(reader.Current, violations), violations));
                if (batch.Count == UserRepository.MaxBatch)
                {
                    committing.Enqueue((batch, CommitAsync(batch, cancellationToken)));
                    batch = [];
                    if (committing.Count >= Math.Min(MaxCommitting, limits.Value.WriteQueueLength))
                    {
                        await CountAsync(committing.Dequeue(), response);
                    }
                }
            }

            committing.Enqueue((batch, CommitAsync(batch, cancellationToken)));
        }
        finally
        {
            while (committing.TryDequeue(out (List<Item> Batch, Task<IReadOnlyList<UserWrite>> Writes) next))
            {
                await CountAsync(next, response);
            }
        }

        return response;
    }

    private Task<IReadOnlyList<UserWrite>> CommitAsync(List<Item> batch, CancellationToken cancellationToken) =>
        users.CreateManyAsync([.. batch.Where(item => !item.Violations.Any).Select(item => item.User)], cancellationToken);

    private async Task CountAsync((List<Item> Batch, Task<IReadOnlyList<UserWrite>> Writes) committing, CreateUsersResponse response)
    {
        using IEnumerator<UserWrite> write = (await committing.Writes).GetEnumerator();
        foreach (Item item in committing.Batch)
        {
            Count(response, item, !item.Violations.Any && write.MoveNext() ? write.Current.Status : null);
        }
    }

    private void Count(CreateUsersResponse response, Item item, UserWriteStatus? status)
    {
        switch (status)
        {
            case UserWriteStatus.Done:
                response.UserCount++;
                break;
            case UserWriteStatus.Existing:
                response.ExistingCount++;
                break;
            default:
                if (response.Failures.Count < limits.Value.MaxListedFailures)
                {
                    int position = response.UserCount + response.ExistingCount + response.FailedCount;
                    response.Failures[position] = status?.ToFailure(null, item.User.Email) ?? item.Violations.ToStatus();
                }

                response.FailedCount++;
                break;
        }
    }

    private readonly record struct Item(NewUser User, Violations Violations);
}
