using Users.Data;
using Users.Server.Errors;
using Users.V1;

namespace Users.Server.Users;

/// <summary>
/// Some of a stream's users on their way to a commit, bounded in number and in bytes. It keeps nothing of a user that is refused but what
/// the answer says of it.
/// </summary>
/// <param name="maxListed">How many failures the answer lists.</param>
internal sealed class ImportBatch(int maxListed)
{
    /// <summary>What a batch holds in memory at most, in KiB.</summary>
    public const int MaxKilobytes = 512;

    // A user's objects, beside its text; and a refusal's sentences, with what they show of the user's fields. No user is larger than that.
    private const int UserBytes = 256;
    private const int RefusalBytes = 2 * 1024;

    private static readonly Violations Unlisted = new();

    private readonly List<NewUser> _users = [];
    // In the stream's order: what is wrong with an item, or null for one of the users.
    private readonly List<Violations?> _items = [];
    private int _refused;
    private int _bytes;

    public IReadOnlyList<NewUser> Users => _users;

    public int Kilobytes => 1 + (_bytes / 1024);

    public bool IsFull => _items.Count == UserRepository.MaxBatch || _bytes + RefusalBytes > MaxKilobytes * 1024;

    public void Add(NewUser user, Violations violations)
    {
        if (!violations.Any)
        {
            _items.Add(null);
            _users.Add(user);
            _bytes += UserBytes + (sizeof(char) * user.TextLength());
        }
        else if (_refused++ < maxListed)
        {
            _items.Add(violations);
            _bytes += RefusalBytes;
        }
        else
        {
            // Those before it fill the answer's list already.
            _items.Add(Unlisted);
        }
    }

    /// <summary>The answer to a stream of this batch alone.</summary>
    public CreateUsersResponse Answer(IReadOnlyList<UserWrite> writes)
    {
        var answer = new CreateUsersResponse();
        int user = 0;
        for (int position = 0; position < _items.Count; position++)
        {
            UserWriteStatus? status = _items[position] is null ? writes[user].Status : null;
            string email = status is null ? "" : _users[user++].Email;
            switch (status)
            {
                case UserWriteStatus.Done:
                    answer.UserCount++;
                    break;
                case UserWriteStatus.Existing:
                    answer.ExistingCount++;
                    break;
                default:
                    if (answer.FailedCount++ < maxListed)
                    {
                        answer.Failures[position] = status?.ToFailure(null, email) ?? _items[position]!.ToStatus();
                    }

                    break;
            }
        }

        return answer;
    }
}
