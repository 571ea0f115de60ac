using Users.V1;

namespace Users.Server.Tests.Properties.Model;

/// <summary>A user as the model knows it. What the server chooses, the id, the times and the etag, comes with its first answer.</summary>
internal sealed class ModelUser(string name, string email, string? requestId)
{
    private readonly List<string> _etags = [];
    private User? _last;

    public string Name { get; set; } = name;

    public string Email { get; set; } = email;

    public string? RequestId { get; } = requestId;

    /// <summary>What the create asked for; a repeat has to ask for the same.</summary>
    public (string, string) Asked { get; } = (name, email);

    public bool Deleted { get; set; }

    public string Id => _last!.Id;

    public string Etag => _etags[^1];

    public string? StaleEtag => _etags.Count > 1 ? _etags[^2] : null;

    /// <summary>Holds an answer to what is known: the first of them all but the content, a later one the rest too.</summary>
    public void AssertIs(User answer, bool written)
    {
        Assert.Equal((Name, Email), (answer.Name, answer.Email));
        Assert.True(answer.CreateTime.ToDateTime() <= answer.UpdateTime.ToDateTime(), "update_time is before create_time.");
        Assert.Equal((0, 0), (answer.CreateTime.Nanos % 1_000, answer.UpdateTime.Nanos % 1_000));
        if (written)
        {
            Assert.DoesNotContain(answer.Etag, _etags);
            Assert.True(_last is null || _last.UpdateTime.ToDateTime() <= answer.UpdateTime.ToDateTime(), "update_time went back.");
            Assert.Equal((_last?.Id ?? answer.Id, _last?.CreateTime ?? answer.CreateTime), (answer.Id, answer.CreateTime));
            _etags.Add(answer.Etag);
            _last = answer;
        }

        Assert.Equal(_last, answer);
    }
}
