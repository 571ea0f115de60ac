using Microsoft.Extensions.Time.Testing;

namespace Users.Data.Tests;

public sealed class UserIdsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Ids_grow_within_a_millisecond_and_when_the_clock_goes_back()
    {
        var ids = new UserIds(_time, new RandomBytes());
        List<string> drawn = [.. Draw(ids, 1_000)];
        _time.Advance(TimeSpan.FromMilliseconds(1));
        drawn.AddRange(Draw(ids, 1_000));
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromDays(1));
        drawn.AddRange(Draw(ids, 1_000));

        Assert.Equal(3_000, drawn.Distinct().Count());
        Assert.Equal(drawn.Order(StringComparer.Ordinal), drawn);
        Assert.All(drawn, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
    }

    [Fact]
    public void An_id_carries_the_time_of_its_creation() =>
        Assert.Equal(
            _time.GetUtcNow().ToUnixTimeMilliseconds(),
            Convert.ToInt64(new UserIds(_time, new RandomBytes()).Next().Replace("-", "", StringComparison.Ordinal)[..12], 16));

    [Theory]
    [InlineData("0fff0000-0000-7000-8000-000000000000", "0fff0000-0000-7000-8000-000000000001")]
    [InlineData("0fff0000-0000-7000-8000-0000ffffffff", "0fff0000-0000-7000-8000-000100000000")]
    [InlineData("0fff0000-0000-7000-bfff-fffffffffffe", "0fff0000-0000-7000-bfff-ffffffffffff")]
    public void After_an_id_of_the_future_comes_the_one_that_follows_it(string largest, string expected)
    {
        var ids = new UserIds(_time, new RandomBytes());
        ids.StartAfter(largest);

        Assert.Equal(expected, ids.Next());
    }

    [Fact]
    public void When_the_free_bits_of_a_millisecond_are_used_up_the_next_one_is_begun()
    {
        var ids = new UserIds(_time, new RandomBytes());
        ids.StartAfter("0fff0000-0000-7fff-bfff-ffffffffffff");

        Assert.StartsWith("0fff0000-0001-7", ids.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_id_changes_nothing()
    {
        var ids = new UserIds(_time, new RandomBytes());
        string last = ids.Next();
        ids.StartAfter("00000000-0000-7000-8000-000000000000");

        Assert.True(string.CompareOrdinal(ids.Next(), last) > 0);
    }

    [Fact]
    public async Task A_store_draws_ids_after_its_largest_even_if_the_clock_was_set_back_meanwhile()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string before;
        using (UserStore store = folder.Open(_time))
        {
            before = (await store.Users.CreateAsync(new NewUser("Ada", "ada@example.org"), cancellation)).User!.Id;
        }

        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromDays(365));
        using UserStore again = folder.Open(_time);
        string after = (await again.Users.CreateAsync(new NewUser("Ben", "ben@example.org"), cancellation)).User!.Id;

        Assert.True(string.CompareOrdinal(after, before) > 0, $"{after} after {before}");
    }

    private static IEnumerable<string> Draw(UserIds ids, int count) => Enumerable.Range(0, count).Select(_ => ids.Next());
}
