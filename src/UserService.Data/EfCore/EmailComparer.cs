namespace Users.Data;

/// <summary>Tells emails apart as the database's index does: without regard to the case of ASCII letters, and of those alone.</summary>
internal sealed class EmailComparer : IEqualityComparer<string>
{
    public static readonly EmailComparer Instance = new();

    public bool Equals(string? x, string? y) => x == y || (x is not null && y is not null && Fold(x) == Fold(y));

    public int GetHashCode(string obj) => Fold(obj).GetHashCode(StringComparison.Ordinal);

    /// <summary>The email with its ASCII letters in lowercase.</summary>
    public static string Fold(string email) => string.Create(email.Length, email, static (folded, email) =>
    {
        for (int i = 0; i < folded.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(email[i]) ? (char)(email[i] | 0x20) : email[i];
        }
    });
}
