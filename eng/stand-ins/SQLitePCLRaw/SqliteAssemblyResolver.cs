using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace StandIns;

/// <summary>
/// Lets Microsoft.Data.Sqlite 10, built against SQLitePCLRaw.core 2.1, load the 2.0.6 that is deployed beside it.
/// The loader refuses a lower version by itself but accepts what a Resolving handler returns.
/// </summary>
internal static class SqliteAssemblyResolver
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must run before the first use of SQLite, whoever loads this assembly.")]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name?.StartsWith("SQLitePCLRaw.", StringComparison.Ordinal) is not true)
        {
            return null;
        }

        string file = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
