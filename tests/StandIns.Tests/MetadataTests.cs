using System.Text;
using Grpc.Core;

namespace StandIns.Tests;

public sealed class MetadataTests
{
    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("ABC", "abc")]
    [InlineData("x-Request.Id_9", "x-request.id_9")]
    public void Keys_are_lower_cased(string key, string expected) =>
        Assert.Equal(expected, new Metadata.Entry(key, "v").Key);

    [Theory]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData(":path")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("é")]
    public void Keys_with_other_characters_are_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "v"));

    [Fact]
    public void A_binary_entry_needs_the_suffix_and_a_text_entry_must_not_have_it()
    {
        Assert.Equal("-bin", Metadata.BinaryHeaderSuffix);
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a", [1]));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a-bin", "v"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a-BIN", "v"));
        Assert.True(new Metadata.Entry("a-BIN", [1]).IsBinary);
        Assert.False(new Metadata.Entry("a-binary", "v").IsBinary);
    }

    [Fact]
    public void Null_keys_values_and_entries_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry(null!, "v"));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("a", (string)null!));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("a-bin", (byte[])null!));
        Assert.Throws<ArgumentNullException>(() => new Metadata().Add(null!));
    }

    [Fact]
    public void A_text_entry_gives_its_bytes_as_ascii()
    {
        Metadata.Entry entry = new("a", "value");
        Assert.Equal("value", entry.Value);
        Assert.Equal(Encoding.ASCII.GetBytes("value"), entry.ValueBytes);
        Assert.Equal("[Entry: key=a, value=value]", entry.ToString());
    }

    [Fact]
    public void A_binary_entry_has_bytes_of_its_own_and_no_text()
    {
        byte[] bytes = [1, 2, 3];
        Metadata.Entry entry = new("a-bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.Equal([1, 2, 3], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
        Assert.Contains("key=a-bin", entry.ToString());
    }

    [Fact]
    public void The_last_of_several_values_is_the_value_and_all_keep_their_order()
    {
        Metadata metadata = new() { { "a", "1" }, { "b", "2" }, { "A", "3" }, { "c-bin", [4] } };

        Assert.Equal("3", metadata.GetValue("a"));
        Assert.Equal("3", metadata.Get("a")?.Value);
        Assert.Equal(["1", "3"], metadata.GetAll("a").Select(entry => entry.Value));
        Assert.Equal([4], metadata.GetValueBytes("c-bin"));
        Assert.Equal("2"u8.ToArray(), metadata.GetValueBytes("b"));
    }

    [Fact]
    public void A_key_that_is_not_there_has_no_value()
    {
        Metadata metadata = new() { { "a", "1" } };

        Assert.Null(metadata.Get("b"));
        Assert.Null(metadata.GetValue("b"));
        Assert.Null(metadata.GetValueBytes("b-bin"));
        Assert.Empty(metadata.GetAll("b"));
    }

    [Fact]
    public void A_binary_value_cannot_be_read_as_text()
    {
        Metadata metadata = new() { { "a-bin", [1] } };
        Assert.Throws<InvalidOperationException>(() => metadata.GetValue("a-bin"));
    }

    [Fact]
    public void Metadata_is_a_list()
    {
        Metadata.Entry first = new("a", "1");
        Metadata.Entry second = new("b", "2");
        Metadata metadata = [second];
        metadata.Insert(0, first);

        Assert.Equal([first, second], metadata);
        Assert.Equal(2, metadata.Count);
        Assert.Equal(1, metadata.IndexOf(second));
        Assert.Contains(first, metadata);
        Assert.False(metadata.IsReadOnly);

        metadata[0] = second;
        Metadata.Entry?[] copy = new Metadata.Entry?[3];
        metadata.CopyTo(copy!, 1);
        Assert.Equal([null, second, second], copy);

        Assert.True(metadata.Remove(second));
        metadata.RemoveAt(0);
        Assert.Empty(metadata);

        metadata.Add(first);
        metadata.Clear();
        Assert.Empty(metadata);
    }

    [Fact]
    public void The_shared_empty_metadata_cannot_be_written()
    {
        Metadata.Entry entry = new("a", "1");

        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add(entry));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "1"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a-bin", [1]));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Insert(0, entry));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Remove(entry));
        Assert.Throws<InvalidOperationException>(Metadata.Empty.Clear);
        Assert.Empty(Metadata.Empty);
    }
}
