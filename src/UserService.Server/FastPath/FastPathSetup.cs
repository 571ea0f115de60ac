global using Users.Server.FastPath;
using Users.Data;
using Users.Data.Sqlite.FastPath;

namespace Users.Server.FastPath;

/// <summary>SQLite's prepared statements instead of EF Core's queries, while <c>Database:FastPath</c> is not false.</summary>
internal static class FastPathSetup
{
    public static void AddFastPath(this WebApplicationBuilder builder)
    {
        string setting = builder.Configuration["Database:FastPath"] ?? bool.TrueString;
        if (!bool.TryParse(setting, out bool isOn))
        {
            throw new UserStoreException($"Database:FastPath is '{setting}': write true or false.");
        }

        if (isOn)
        {
            builder.Services.Configure<UserStoreOptions>(options => options.UseFastPath());
        }
    }
}
