using Google.Api;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>
/// proto/google is the public interface to the last option, so that a program which links its language's own classes for it does not
/// have two of each.
/// </summary>
public sealed class PublicInterfaceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_copies_of_public_files_have_each_message_field_number_and_option_of_them()
    {
        await Tools.RequireBufAsync();
        string image = Path.Combine(_folder.Path, "image.binpb");
        ShellResult built = await Shell.RunAsync(
            $"'{Tools.BufFolder}/buf' build '{Repository.File("proto")}' --exclude-source-info --as-file-descriptor-set -o '{image}'", _folder.Path);
        Assert.Equal(new ShellResult(0, "", ""), built);

        var files = FileDescriptorSet.Parser.ParseFrom(await File.ReadAllBytesAsync(image, TestContext.Current.CancellationToken));

        Assert.All(
            (FileDescriptor[])[ErrorDetailsReflection.Descriptor, StatusReflection.Descriptor, AnnotationsReflection.Descriptor, HttpRule.Descriptor.File],
            file => Assert.Equal(Plain(file.ToProto()), Plain(files.File.Single(ours => ours.Name == file.Name))));
    }

    private static FileDescriptorProto Plain(FileDescriptorProto file)
    {
        FileDescriptorProto plain = file.Clone();
        ClearJsonNames([.. plain.Extension, .. plain.MessageType.SelectMany(Fields)]);
        return plain;
    }

    private static IEnumerable<FieldDescriptorProto> Fields(DescriptorProto message) => [.. message.Field, .. message.NestedType.SelectMany(Fields)];

    // A compiler writes them or leaves them out, as it likes.
    private static void ClearJsonNames(List<FieldDescriptorProto> fields) => fields.ForEach(field => field.ClearJsonName());
}
