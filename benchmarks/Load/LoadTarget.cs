namespace Users.Benchmarks.Load;

/// <summary>A process that serves the contract.</summary>
internal sealed record LoadTarget(Uri Address, MeasuredProcess Process)
{
    /// <summary>Of all users that it began with, in the order of the list.</summary>
    public string[] UserIds { get; set; } = [];

    public static string Path(string method) => $"/users.v1.UserService/{method}";
}
