using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>
/// What one read holds in memory, beside its bound in rows: a page ends with the row that reaches the limit, so it has one row at least.
/// A reader that stalls holds a page, and the longest texts are a hundred times the usual ones.
/// </summary>
internal static class PageBytes
{
    /// <summary>Of a page of users.</summary>
    public const int MaxUsers = 256 * 1024;

    /// <summary>Of the messages that a subscriber reads at once.</summary>
    public const int MaxMessages = 64 * 1024;

    /// <summary>Of the latest messages that a room keeps.</summary>
    public const int MaxTail = 256 * 1024;

    // The objects, beside the characters of the texts that a caller chooses.
    private const int Row = 200;

    public static int Of(User user) => Row + (sizeof(char) * user.TextLength);

    public static int Of(ChatEntry entry) => Row + (sizeof(char) * (entry.Text.Length + (entry.RequestId?.Length ?? 0)));

    /// <summary>Reads rows until they reach so many bytes.</summary>
    public static async ValueTask<IReadOnlyList<T>> ToPageAsync<T>(
        this IQueryable<T> query, Func<T, int> bytesOf, int maxBytes, CancellationToken cancellationToken)
    {
        List<T> page = [];
        int bytes = 0;
        await foreach (T row in query.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            page.Add(row);
            bytes += bytesOf(row);
            if (bytes >= maxBytes)
            {
                break;
            }
        }

        return page;
    }
}
