using Google.Protobuf;
using Grpc.Core;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>A call that the documents show, as two tools write it, and what it answers.</summary>
/// <param name="Target">SERVICE/METHOD, or in grpcurl's words "list" and "list SERVICE".</param>
/// <param name="Requests">JSON, one object for each request; empty for one empty request; @ for those that are typed while it runs.</param>
/// <param name="Answers">
/// A line for each answer. Of an answer in JSON these fields and values, among others; an empty object is nothing but that.
/// </param>
internal sealed record DocumentedCall(string Target, string Requests, params string[] Answers)
{
    private const string Address = "localhost:50051";
    private const string SecureAddress = "users.example:50051";
    private const string Bearer = "-H \"authorization: Bearer $(cat token)\"";

    /// <summary>How the call ends.</summary>
    public StatusCode Status { get; init; }

    /// <summary>The error's details, in their order.</summary>
    public IMessage[] Details { get; init; } = [];

    /// <summary>What it answers when it is made a second time; the same, unless it is said.</summary>
    public string[] Again { get; init; } = Answers;

    /// <summary>How it ends then.</summary>
    public StatusCode StatusAgain { get; init; }

    /// <summary>Whether it is for a server in Production, with the files ca.pem and token in the folder.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Whether it answers until its caller ends it.</summary>
    public bool IsEndless { get; init; }

    public bool IsList => Target.Split(' ')[0] is "list";

    public string Grpcurl => IsSecure
        ? $"grpcurl -cacert ca.pem {Bearer} {Data("@")}{SecureAddress} {Target}"
        : $"grpcurl -plaintext {Data("@")}{Address} {Target}";

    public string BufCurl => $"buf curl --protocol grpc {(IsSecure ? $"--cacert ca.pem {Bearer} --reflect-header '*'" : "--http2-prior-knowledge")} " + Target switch
    {
        "list" => $"--list-services {Url}",
        _ when IsList => $"--list-methods {Url}",
        _ => $"{Data("@-")}{Url}/{Target}",
    };

    private string Url => IsSecure ? $"https://{SecureAddress}" : $"http://{Address}";

    // JSON needs no single quote, and the shell needs nothing else to be quoted between two of them.
    private string Data(string typed) => Requests switch
    {
        "" => "",
        "@" => $"-d {typed} ",
        _ => $"-d '{Requests}' ",
    };

    /// <summary>Runs buf curl's line in a folder, and leaves it running.</summary>
    public ChildProcess Open(string address, string folder) =>
        ChildProcess.Of("bash", "-c", $"cd '{folder}' && PATH='{Tools.BufFolder}':$PATH exec {At(address, BufCurl)}");

    /// <summary>The line with the address of the server that is really there.</summary>
    public static string At(string address, string line) =>
        line.Replace($"http://{Address}", address, StringComparison.Ordinal).Replace($"https://{SecureAddress}", address, StringComparison.Ordinal);

    public override string ToString() => $"{Target} {Requests}".TrimEnd();
}
