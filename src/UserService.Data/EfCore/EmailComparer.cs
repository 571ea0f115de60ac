namespace Users.Data;

/// <summary>Tells emails apart as the database's index does: without regard to the case of ASCII letters, and of those alone.</summary>
internal sealed class EmailComparer : IEqualityComparer<string>
{
    public static readonly EmailComparer Instance = new();

    public bool Equals(string? x, string? y) => x == y || (x is not null && y is not null && Folded(x) == Folded(y));

    public int GetHashCode(string obj) => Folded(obj).GetHashCode(StringComparison.Ordinal);

    private static string Folded(string email) => string.Create(email.Length, email, static (folded, email) =>
    {
        for (int i = 0; i < folded.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(email[i]) ? (char)(email[i] | 0x20) : email[i];
        }
    });
}
