using Grpc.Core;
using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Errors;
using Users.Server.Hosting;
using Users.V1;

namespace Users.Server.Users;

/// <summary>
/// CreateUsers: commits what comes in batches, and counts. Memory stays flat whatever the length: one batch, and the first
/// failures. If the stream breaks, the batches that were committed stay.
/// </summary>
internal sealed class UserImport(UserRepository users, IOptions<Limits> limits, TimeProvider time)
{
    public async Task<CreateUsersResponse> RunAsync(IAsyncStreamReader<CreateUserRequest> stream, CancellationToken cancellationToken)
    {
        using var reader = new IdleLimitedReader<CreateUserRequest>(stream, limits.Value.StreamIdle, time, cancellationToken);
        var response = new CreateUsersResponse();
        var batch = new List<Item>(UserRepository.MaxBatch);
        while (await reader.MoveNextAsync())
        {
            var violations = new Violations();
            batch.Add(new Item(UserRequests.Read(reader.Current, violations), violations));
            if (batch.Count == UserRepository.MaxBatch)
            {
                await CommitAsync(batch, response, cancellationToken);
            }
        }

        await CommitAsync(batch, response, cancellationToken);
        return response;
    }

    private async Task CommitAsync(List<Item> batch, CreateUsersResponse response, CancellationToken cancellationToken)
    {
        List<NewUser> valid = [.. batch.Where(item => !item.Violations.Any).Select(item => item.User)];
        IReadOnlyList<UserWrite> writes = valid.Count == 0 ? [] : await users.CreateManyAsync(valid, cancellationToken);
        using IEnumerator<UserWrite> write = writes.GetEnumerator();
        foreach (Item item in batch)
        {
            Count(response, item, !item.Violations.Any && write.MoveNext() ? write.Current.Status : null);
        }

        batch.Clear();
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
