using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace StandIns;

/// <summary>
/// Lets the JWT bearer handler, built against newer versions of its libraries, load the older ones that are deployed beside it. The loader refuses a lower version by itself but accepts what a Resolving handler returns.
/// </summary>
internal static class OlderAssemblyResolver
{
    private static readonly string[] Families = ["Microsoft.IdentityModel.", "System.IdentityModel."];

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must run before their first use, whoever loads this assembly.")]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name is null || !Families.Any(family => name.Name.StartsWith(family, StringComparison.Ordinal)))
        {
            return null;
        }

        string file = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
