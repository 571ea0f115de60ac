using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>Creates users as one statement, whatever their number. One that stores nothing is looked up by its request id.</summary>
internal sealed class UserCreates(PostgreSqlUsersContext db, NewRows rows)
{
    private readonly Rows<User> _users = new(db, "ON CONFLICT DO NOTHING RETURNING id");

    public async Task RunAsync(IEnumerable<WriteItem> items)
    {
        List<User> creates = [];
        List<Action<Dictionary<User, UserWrite>>> answers = [];
        foreach (WriteItem item in items)
        {
            switch (item)
            {
                case CreateUser create:
                    User user = rows.User(create.User);
                    creates.Add(user);
                    answers.Add(writes => create.Outcome = writes[user]);
                    break;
                case CreateUsers create:
                    User[] users = rows.Users(create.Users);
                    creates.AddRange(users);
                    answers.Add(writes => create.Outcome = [.. users.Select(user => writes[user])]);
                    break;
                case SeedUsers seed:
                    seed.Outcome = await SeedAsync(seed.Users);
                    break;
            }
        }

        Dictionary<User, UserWrite> writes = new(ReferenceEqualityComparer.Instance);
        await CreateAsync(creates, writes);
        answers.ForEach(answer => answer(writes));
    }

    private async Task CreateAsync(List<User> pending, Dictionary<User, UserWrite> writes)
    {
        while (pending.Count > 0)
        {
            // What an earlier one of them may become has to be known before a later one has its turn.
            (List<User> round, pending) = FirstOfEach(pending);
            HashSet<string> stored = await InsertAsync(round);
            Dictionary<string, User> earlier = await FindAsync([.. round.Where(user => !stored.Contains(user.Id)).Select(user => user.RequestId).OfType<string>()]);
            foreach (User user in round)
            {
                writes[user] = stored.Contains(user.Id) ? new UserWrite(UserWriteStatus.Done, user)
                    : user.RequestId is null || !earlier.TryGetValue(user.RequestId, out User? found) ? new UserWrite(UserWriteStatus.EmailTaken)
                    : RequestHash.Judge(found, found.RequestHash, user);
            }
        }
    }

    private static (List<User> Round, List<User> Later) FirstOfEach(IReadOnlyList<User> creates)
    {
        HashSet<string> emails = new(EmailComparer.Instance);
        HashSet<string> requestIds = [];
        List<User> round = [];
        List<User> later = [];
        foreach (User user in creates)
        {
            bool isFirst = !emails.Contains(user.Email) && (user.RequestId is null || !requestIds.Contains(user.RequestId));
            (isFirst ? round : later).Add(user);
            // One that waits holds its email and request id for its turn.
            emails.Add(user.Email);
            requestIds.Add(user.RequestId ?? "");
        }

        return (round, later);
    }

    private async Task<HashSet<string>> InsertAsync(IEnumerable<User> users)
    {
        // In the order of the index: two replicas that create the same emails do not wait for each other in a circle.
        User[] sorted = [.. users.OrderBy(user => EmailComparer.Fold(user.Email), StringComparer.Ordinal)];
        if (sorted.Length == 0)
        {
            return [];
        }

        await using NpgsqlBatch batch = db.Batch([_users.Insert(sorted)]);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        return await reader.ReadAllAsync(row => row.GetString(0)).ToHashSetAsync();
    }

    private async Task<Dictionary<string, User>> FindAsync(string[] requestIds) => requestIds.Length == 0 ? []
        : await db.Users.Where(user => requestIds.Contains(user.RequestId)).ToDictionaryAsync(user => user.RequestId!);

    private async Task<int> SeedAsync(IReadOnlyList<SeedUser> users) =>
        FirstUsers.Take(db) ? (await InsertAsync(rows.Seeds(users))).Count : 0;
}
