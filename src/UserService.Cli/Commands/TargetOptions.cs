using System.CommandLine;
using System.CommandLine.Parsing;
using Users.Client.Connection;

namespace Users.Cli.Commands;

/// <summary>The options that every command shares: which server, how long it may take, in which form it answers, and
/// those of <see cref="TlsOptions"/> and <see cref="TokenOptions"/>.</summary>
internal sealed class TargetOptions
{
    private const double DefaultDeadlineSeconds = 10;
    private const double LongestDeadlineSeconds = 24 * 60 * 60;
    private const double ShortestKeepAliveSeconds = 2;
    private const double LongestKeepAliveSeconds = 24 * 60 * 60;

    private readonly AddressOptions _address;
    private readonly Option<double> _deadline;
    private readonly Option<double> _keepAlive;
    private readonly TlsOptions _tls;
    private readonly TokenOptions _token;
    private readonly Option<bool> _json = new("--json")
    {
        Description = "One JSON object per line, errors too; for programs.",
        Recursive = true,
    };

    public TargetOptions(Func<string, string?> environment)
    {
        (_tls, _token) = (new TlsOptions(environment), new TokenOptions(environment));
        _address = new AddressOptions(environment);
        _deadline = new Option<double>("--deadline")
        {
            Description = "How long a unary call may take with all its retries, in seconds.",
            HelpName = "seconds",
            Recursive = true,
            CustomParser = ParseDeadline,
            DefaultValueFactory = _ => DefaultDeadlineSeconds,
        };
        _keepAlive = new Option<double>("--keep-alive")
        {
            Description = "After how many seconds of silence the server is pinged; without an answer in half the time it is gone.",
            HelpName = "seconds",
            Recursive = true,
            CustomParser = ParseKeepAlive,
            DefaultValueFactory = _ => UsersChannel.DefaultKeepAlive.TotalSeconds,
        };
    }

    public void AddTo(RootCommand root)
    {
        _address.AddTo(root);
        root.Options.Add(_deadline);
        root.Options.Add(_keepAlive);
        root.Options.Add(_json);
        _tls.AddTo(root);
        _token.AddTo(root);
    }

    public Target Read(ParseResult parsed, CancellationToken interrupted)
    {
        return new Target(
            _address.Read(parsed) ?? AddressOptions.Default,
            TimeSpan.FromSeconds(parsed.GetValue(_deadline)),
            TimeSpan.FromSeconds(parsed.GetValue(_keepAlive)),
            IsJson(parsed))
        {
            Tls = _tls.Read(parsed),
            Token = _token.Read(parsed, interrupted),
            TokenInCleartext = _token.AllowsCleartext(parsed),
        };
    }

    /// <summary>Whether <c>--json</c> is there, on a command line with mistakes too.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetResult(_json) is { Implicit: false };

    private static double ParseDeadline(ArgumentResult result) => Numbers.Parse<double>(
        result,
        seconds => seconds is > 0 and <= LongestDeadlineSeconds,
        $"--deadline takes a number of seconds above 0, at most {LongestDeadlineSeconds}, such as 1.5");

    private static double ParseKeepAlive(ArgumentResult result) => Numbers.Parse<double>(
        result,
        seconds => seconds is >= ShortestKeepAliveSeconds and <= LongestKeepAliveSeconds,
        $"--keep-alive takes a number of seconds, {ShortestKeepAliveSeconds} to {LongestKeepAliveSeconds}, such as 2.5");
}
