using System.Runtime.CompilerServices;

namespace Users.EndToEnd.Tests.Support;

internal static class ChildEnvironment
{
    /// <summary>
    /// For every process that the tests start: it inherits them. A process that lives for seconds gains nothing from methods that are
    /// compiled a second time, which takes a sixth of a server's start.
    /// </summary>
    [ModuleInitializer]
    internal static void Set()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "100");
    }
}
