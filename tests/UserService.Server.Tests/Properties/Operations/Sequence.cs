using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Users.Server.Tests.Properties.Operations;

/// <summary>What clients do, one thing after the other; a failure shows it line by line.</summary>
internal sealed record Sequence(IReadOnlyList<Operation> Operations)
{
    public static Gen<Sequence> Any { get; } = Operation.Any.ListOf().Select(operations => new Sequence([.. operations]));

    public IEnumerable<Sequence> Shrink() =>
    [
        .. Property.Shorter(Operations).Select(operations => new Sequence(operations)),
        .. Operations.SelectMany((operation, i) => operation.Shrink().Select(
            smaller => new Sequence([.. Operations.Take(i), smaller, .. Operations.Skip(i + 1)]))),
    ];

    public override string ToString() => Regex.Replace(
        string.Concat(Operations.Select(operation => $"{Environment.NewLine}  {operation}")),
        @"(.)\1{20,}", run => $"{run.Value[0]} * {run.Length}");
}
