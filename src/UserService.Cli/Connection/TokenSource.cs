using Grpc.Core;
using Users.Cli.Files;
using Users.Client.Connection;

namespace Users.Cli.Connection;

/// <summary>
/// Where the token of each call comes from. No text that the client writes holds a token: not an answer, not an error.
/// </summary>
internal sealed class TokenSource
{
    private readonly string _name;
    private readonly Func<Task<string?>> _read;
    private readonly bool _isKept;
    private readonly Lock _turn = new();
    private Task<string>? _token;

    private TokenSource(string name, Func<Task<string?>> read, bool isKept = false) => (_name, _read, _isKept) = (name, read, isKept);

    /// <summary>Whether there may be a fresh token once this one has expired.</summary>
    public bool CanRenew { get; private init; }

    /// <param name="token">The token of every call.</param>
    /// <param name="name">The option or variable that gave it, for a sentence.</param>
    public static TokenSource Of(string token, string name) => new(name, () => Task.FromResult<string?>(token));

    /// <summary>The first line of a file, read anew for each call: a file that is rotated counts at once.</summary>
    public static TokenSource OfFile(string path) => new($"The file {path}", () => ReadFileAsync(path)) { CanRenew = true };

    /// <summary>The first line of what a command writes. It runs at the first call, and again after <see cref="Expire"/>.</summary>
    /// <param name="command">A line for the shell.</param>
    /// <param name="interrupted">Ends it while it runs: it may wait for input that does not come.</param>
    public static TokenSource OfCommand(string command, CancellationToken interrupted) =>
        new("The token command", () => TokenCommand.RunAsync(command, interrupted), isKept: true) { CanRenew = true };

    /// <exception cref="CommandException">There is none, or it cannot be one.</exception>
    public Task<string> GetAsync(CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            if (!_isKept || _token is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _token = ReadAsync();
            }

            // One run serves all callers that wait, so none of them ends it.
            return _token.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The server said that the token has expired.</summary>
    public void Expire()
    {
        lock (_turn)
        {
            _token = null;
        }
    }

    public CallCredentials ToCredentials() => BearerToken.Credentials(GetAsync);

    private static async Task<string?> ReadFileAsync(string path)
    {
        try
        {
            using StreamReader text = DataFile.Text(DataFile.OpenRead(path));
            return await text.ReadLineAsync();
        }
        catch (IOException e)
        {
            throw FileFailure.Of(path, "read", e);
        }
    }

    private async Task<string> ReadAsync() => BearerToken.Check(await _read(), _name);
}
