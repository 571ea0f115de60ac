using System.Reflection;

namespace StandIns.Tests;

/// <summary>What the types of loaded assemblies offer to others, in the text of <see cref="EngineReferences"/>.</summary>
internal static class AccessibleMembers
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static IReadOnlySet<string> Of(params Assembly[] assemblies) => assemblies
        .SelectMany(assembly => assembly.GetExportedTypes())
        .SelectMany(type => (string[])[type.FullName!, .. Methods(type), .. Fields(type)])
        .ToHashSet();

    private static IEnumerable<string> Methods(Type type) =>
        from method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared))
        where method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly
        let arity = method.IsGenericMethodDefinition ? $"``{method.GetGenericArguments().Length}" : ""
        let parameters = string.Join(',', method.GetParameters().Select(Text))
        let result = method is MethodInfo { ReturnParameter: { } returned } ? Text(returned) : "System.Void"
        select $"{(method.IsStatic ? "static " : "")}{result} {type.FullName}::{method.Name}{arity}({parameters})";

    private static IEnumerable<string> Fields(Type type) =>
        from field in type.GetFields(Declared)
        where field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly
        select $"{Text(field.FieldType)} {type.FullName}::{field.Name}";

    private static string Text(ParameterInfo parameter) =>
        string.Concat([Text(parameter.ParameterType), .. parameter.GetRequiredCustomModifiers().Select(modifier => $" modreq({modifier})")]);

    private static string Text(Type type) => type switch
    {
        { IsGenericMethodParameter: true } => $"!!{type.GenericParameterPosition}",
        { IsGenericParameter: true } => $"!{type.GenericParameterPosition}",
        { IsByRef: true } => $"{Text(type.GetElementType()!)}&",
        { IsPointer: true } => $"{Text(type.GetElementType()!)}*",
        { IsArray: true } => $"{Text(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]",
        { IsGenericType: true } => $"{type.GetGenericTypeDefinition().FullName}<{string.Join(',', type.GetGenericArguments().Select(Text))}>",
        _ => type.FullName!,
    };
}
