using System.Diagnostics;

namespace Users.Server.Errors;

internal static class ExceptionOrigin
{
    /// <summary>
    /// Whether an exception was raised in, or came through, types whose full names begin so. Its <c>Source</c> alone does not tell: what
    /// one thread hands to another is raised anew by the runtime.
    /// </summary>
    public static bool Passed(this Exception exception, params string[] types) => new StackTrace(exception).GetFrames().Any(frame =>
        frame.GetMethod()?.DeclaringType?.FullName is { } type && types.Any(known => type.StartsWith(known, StringComparison.Ordinal)));
}
