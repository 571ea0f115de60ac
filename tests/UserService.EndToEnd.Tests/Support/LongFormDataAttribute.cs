using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Users.EndToEnd.Tests.Support;

/// <summary>A row of a theory, as InlineData, but in the long form of the tests alone: see <see cref="Kills"/>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LongFormDataAttribute(params object?[] data) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow(data) { Skip = Kills.AreAsked ? null : Kills.LongForm }]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
