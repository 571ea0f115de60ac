using System.Security.Cryptography.X509Certificates;
using Users.Benchmarks.Load.Wire;

namespace Users.Benchmarks.Load;

/// <summary>A process that serves the contract.</summary>
internal sealed record LoadTarget(Uri Address, MeasuredProcess Process)
{
    /// <summary>Of all users that it began with, in the order of the list.</summary>
    public string[] UserIds { get; set; } = [];

    /// <summary>What each call carries, where the server asks for it.</summary>
    public string? Token { get; init; }

    /// <summary>What its certificate is judged by, where it has one.</summary>
    public X509ChainPolicy? Trust { get; init; }

    public RpcConnection Connect(string method) => new(Address, Path(method), Token, Trust);

    public static string Path(string method) => $"/users.v1.UserService/{method}";
}
