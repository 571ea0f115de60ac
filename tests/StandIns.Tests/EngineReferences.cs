using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace StandIns.Tests;

/// <summary>
/// Reads what a compiled assembly references of others, as text: a type is "Name.Space.Type", a member
/// "ReturnType Name.Space.Type::Name(ParameterTypes)", with !0 and !!0 for generic parameters as in IL.
/// </summary>
internal static class EngineReferences
{
    public static IReadOnlyList<string> Read(string assemblyPath, params string[] assemblyNames)
    {
        using PEReader file = new(File.OpenRead(assemblyPath));
        MetadataReader reader = file.GetMetadataReader();
        SignatureText text = new();

        var types = reader.TypeReferences
            .Where(handle => assemblyNames.Contains(AssemblyOf(reader, handle)))
            .Select(handle => text.GetTypeFromReference(reader, handle, 0))
            .ToHashSet();
        var members = reader.MemberReferences
            .Select(reader.GetMemberReference)
            .Select(member => (Owner: OwnerOf(reader, member, text), Member: member))
            .Where(pair => types.Contains(pair.Owner))
            .Select(pair => Describe(reader, pair.Owner, pair.Member, text));
        return [.. types, .. members.Distinct()];
    }

    private static string AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => "",
        };
    }

    // A member of a generic type hangs on an instantiation of it.
    private static string OwnerOf(MetadataReader reader, MemberReference member, SignatureText text) => member.Parent.Kind switch
    {
        HandleKind.TypeReference => text.GetTypeFromReference(reader, (TypeReferenceHandle)member.Parent, 0),
        HandleKind.TypeSpecification => text.GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)member.Parent, 0).Split('<')[0],
        _ => "",
    };

    private static string Describe(MetadataReader reader, string owner, MemberReference member, SignatureText text)
    {
        string name = reader.GetString(member.Name);
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            return $"{member.DecodeFieldSignature(text, null)} {owner}::{name}";
        }

        MethodSignature<string> signature = member.DecodeMethodSignature(text, null);
        string arity = signature.GenericParameterCount == 0 ? "" : $"``{signature.GenericParameterCount}";
        string callee = signature.Header.IsInstance ? "" : "static ";
        return $"{callee}{signature.ReturnType} {owner}::{name}{arity}({string.Join(',', signature.ParameterTypes)})";
    }
}
