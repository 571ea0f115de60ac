using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>
/// The model as PostgreSQL has it. The index of emails is over an expression, which a model cannot say: it stands in the migration, and a
/// test looks for it.
/// </summary>
internal sealed class PostgreSqlUsersContext(DbContextOptions<PostgreSqlUsersContext> options) : UsersContext(options)
{
    /// <summary>Opens a connection for each query, and lets go of it after.</summary>
    public static DbContextOptions<PostgreSqlUsersContext> Options(
        NpgsqlDataSource source, ILoggerFactory logging, IEnumerable<IInterceptor> interceptors) =>
        Complete(new DbContextOptionsBuilder<PostgreSqlUsersContext>().UseNpgsql(source), logging, interceptors);

    /// <summary>Works on one connection.</summary>
    public static DbContextOptions<PostgreSqlUsersContext> Options(
        DbConnection connection, ILoggerFactory logging, IEnumerable<IInterceptor> interceptors) =>
        Complete(new DbContextOptionsBuilder<PostgreSqlUsersContext>().UseNpgsql(connection), logging, interceptors);

    public override void NoteFirstUsers() => FirstUsers.Take(this);

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        // Ids are compared as text, and a list resumes by them: the order is that of the bytes, whatever the database's own collation.
        foreach (IMutableProperty property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            if (property.ClrType == typeof(string))
            {
                property.SetCollation("C");
            }
        }
    }
}
