global using Users.Server.PostgreSql;
using Users.Data;
using Users.Data.PostgreSql;
using Users.Server.Settings;

namespace Users.Server.PostgreSql;

/// <summary>PostgreSQL instead of SQLite, where <c>Database:Provider</c> says so.</summary>
internal static class PostgreSqlSetup
{
    private const string Sqlite = nameof(Sqlite);
    private const string PostgreSql = nameof(PostgreSql);

    public static void AddPostgreSql(this WebApplicationBuilder builder)
    {
        PostgreSqlOptions settings = builder.AddSettings<PostgreSqlOptions>(PostgreSql);
        string provider = builder.Configuration["Database:Provider"] ?? Sqlite;
        if (provider.Equals(PostgreSql, StringComparison.OrdinalIgnoreCase))
        {
            builder.Services.Configure<UserStoreOptions>(options => options.UsePostgreSql(settings));
        }
        else if (!provider.Equals(Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            throw BadSetting.Because($"Database:Provider is '{provider}': write {Sqlite} or {PostgreSql}.");
        }
    }
}
