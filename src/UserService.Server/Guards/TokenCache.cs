using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;

namespace Users.Server.Guards;

/// <summary>
/// Remembers what good tokens said until they expire, as a signature costs more to check than most calls. Only what was found good
/// is kept, so nobody fills it without tokens of the issuer. A token is found by its text:
/// a hash of it would cost each call 0.7 µs.
/// </summary>
internal sealed class TokenCache(TimeProvider time) : IDisposable
{
    /// <summary>Of callers beyond these many, each call's token is checked anew.</summary>
    public const int MaxTokens = 10_000;

    /// <summary>A longer header is not kept.</summary>
    public const int MaxCharacters = 4_096;

    private readonly MemoryCache _results = new(new MemoryCacheOptions { SizeLimit = MaxTokens, Clock = new Clock(time) });

    private volatile object _keys = new();

    public int Count => _results.Count;

    /// <summary>Stands for the keys that tokens are checked by now: read before a check, and given with its result.</summary>
    public object Keys => _keys;

    /// <summary>Forgets all tokens, since the keys that they were checked by have changed.</summary>
    public void Clear()
    {
        _keys = new object();
        _results.Clear();
    }

    /// <param name="header">The metadata <c>authorization</c>.</param>
    public Task<AuthenticateResult>? Find(string header) => _results.Get<Task<AuthenticateResult>>(header);

    /// <summary>Keeps a result that succeeded, unless the keys have changed since the check began.</summary>
    public void Keep(string header, AuthenticateResult result, object keys)
    {
        if (header.Length > MaxCharacters)
        {
            return;
        }

        _results.Set(
            header,
            Task.FromResult(result),
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = result.Properties!.ExpiresUtc + TokenSetup.ClockSkew });
        // After it was kept: the keys may change in between, and nobody else would forget it then.
        if (keys != _keys)
        {
            _results.Remove(header);
        }
    }

    public void Dispose() => _results.Dispose();

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
