using Users.V1;

namespace Users.Cli.Files;

/// <summary>A user of a file, or why there is none.</summary>
/// <param name="Line">The line on which it starts, from 1.</param>
/// <param name="User">The user; null when there is a fault.</param>
/// <param name="Fault">What is wrong with the line, as the end of a sentence that names it.</param>
internal readonly record struct UserLine(long Line, CreateUserRequest? User, string? Fault)
{
    /// <summary>What <see cref="DataFile"/> puts for bytes that are no UTF-8: a noncharacter, which no text has.</summary>
    public const char NotUtf8 = '\uFFFF';

    public const string NotUtf8Fault = "is not UTF-8.";

    public static UserLine Bad(long line, string fault) => new(line, null, fault);

    /// <summary>
    /// The most bytes of a user in a message, far above what a user can have. One that is larger than the server takes would end the
    /// call of all the others, again and again.
    /// </summary>
    public const int MaxBytes = 4 * 1024;

    public static UserLine Good(long line, CreateUserRequest user) =>
        UserFields.OfCreate.Any(field => field.Text(user).Contains(NotUtf8, StringComparison.Ordinal)) ? Bad(line, NotUtf8Fault)
        : user.CalculateSize() > MaxBytes ? Bad(line, $"is too long: {user.CalculateSize()} bytes, where a user has at most {MaxBytes}.")
        : new(line, user, null);
}
