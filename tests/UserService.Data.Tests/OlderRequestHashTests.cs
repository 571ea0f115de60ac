namespace Users.Data.Tests;

public sealed class OlderRequestHashTests() : StoreTests(path: null)
{
    [Fact]
    public async Task A_request_id_from_before_all_fields_were_hashed_is_still_known()
    {
        var requestId = Guid.NewGuid();
        await CreateAsync("Ada", "ada@example.org", requestId);
        // SHA-256 of 3:Adaada@example.org.
        RawDatabase.Execute(Folder.Database, "UPDATE users SET request_hash = 'e6dd05b7ef6166c4af3de87dd7c92ccca62aea09cf15b56550d018ee5af8545d'");

        Assert.Equal(UserWriteStatus.Existing, (await Repository.CreateAsync(new NewUser("Ada", "ada@example.org", requestId), Cancellation)).Status);
        Assert.Equal(UserWriteStatus.RequestIdReused, (await Repository.CreateAsync(new NewUser("Ad", "aada@example.org", requestId), Cancellation)).Status);
    }
}
