using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>
/// Updates and deletes users. It locks their rows in the order of their ids, so what it then decides of them stays true until the commit.
/// </summary>
internal sealed class UserChanges
{
    private readonly PostgreSqlUsersContext _db;
    private readonly NewRows _rows;
    private readonly Rows<User> _users;
    private readonly string _lockSql;

    public UserChanges(PostgreSqlUsersContext db, NewRows rows)
    {
        (_db, _rows, _users) = (db, rows, new Rows<User>(db));
        _lockSql = $"SELECT {_users.Names} FROM users WHERE id = ANY({{0}}) ORDER BY id FOR UPDATE";
    }

    public async Task RunAsync(IEnumerable<WriteItem> items)
    {
        WriteItem[] pending = [.. items.Where(item => item is UpdateUser or DeleteUser)];
        while (pending.Length > 0)
        {
            // A later change of the same user sees what became of an earlier one.
            WriteItem[] round = [.. pending.DistinctBy(IdOf)];
            await ChangeAsync(round);
            pending = [.. pending.Except(round, ReferenceEqualityComparer.Instance).Cast<WriteItem>()];
        }
    }

    private static string IdOf(WriteItem item) => item is UpdateUser update ? update.Change.Id : ((DeleteUser)item).Id;

    private async Task ChangeAsync(WriteItem[] round)
    {
        string[] ids = [.. round.Select(IdOf)];
        Dictionary<string, User> found = await _db.Users.FromSqlRaw(_lockSql, (object)ids).ToDictionaryAsync(user => user.Id);
        List<NpgsqlBatchCommand> commands = [];
        List<Action> answers = [];
        foreach (WriteItem item in round.OrderBy(IdOf, StringComparer.Ordinal))
        {
            User? user = found.GetValueOrDefault(IdOf(item));
            switch (item)
            {
                case UpdateUser update:
                    update.Outcome = new UserWrite(ChangeJudge.Refusal(user, update.Change.Etag) ?? UserWriteStatus.Done);
                    if (update.Outcome.Status is UserWriteStatus.Done)
                    {
                        Update(update, update.Change.Apply(user!, _rows.Now(), _rows.Etag()), user!.Etag);
                    }

                    break;
                case DeleteUser delete:
                    delete.Outcome = ChangeJudge.Refusal(user, delete.Etag) ?? UserWriteStatus.Done;
                    if (delete.Outcome is UserWriteStatus.Done)
                    {
                        commands.Add(Statements.Command("DELETE FROM users WHERE id = $1", delete.Id));
                        // As EfUsers does: later starts draw ids above it.
                        commands.Add(Statements.Command(
                            "UPDATE highest_ids SET id = $1 WHERE kind = $2 AND id < $1 AND NOT EXISTS (SELECT FROM users WHERE id > $1)",
                            delete.Id,
                            HighestId.OfUsers));
                    }

                    break;
            }
        }

        await _db.RunAsync(commands);
        answers.ForEach(answer => answer());

        void Update(UpdateUser update, User changed, string etag)
        {
            NpgsqlBatchCommand command = _users.Update(
                changed,
                after => $"""
                    id = ${after + 1} AND etag = ${after + 2}
                    AND NOT EXISTS (SELECT FROM users WHERE lower(email COLLATE "C") = lower(${after + 3} COLLATE "C") AND id <> ${after + 1})
                    """,
                changed.Id,
                etag,
                changed.Email);
            commands.Add(command);
            answers.Add(() => update.Outcome =
                command.RecordsAffected > 0 ? new UserWrite(UserWriteStatus.Done, changed) : new UserWrite(UserWriteStatus.EmailTaken));
        }
    }
}
