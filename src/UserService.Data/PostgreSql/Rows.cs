using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>
/// The rows of an entity as statements take them, by the model: so a field that is added needs no line here. An insert takes each column as an
/// array, so its text is the same for any number of rows, and the server prepares it once.
/// </summary>
internal sealed class Rows<T>
    where T : class
{
    private readonly IProperty[] _columns;
    private readonly string _insert;
    private readonly string _update;

    /// <param name="context">Its model has the entity.</param>
    /// <param name="end">What follows an insert, or nothing.</param>
    public Rows(DbContext context, string end = "")
    {
        IEntityType entity = context.Model.FindEntityType(typeof(T))!;
        _columns = [.. entity.GetProperties()];
        Names = string.Join(", ", _columns.Select(column => column.GetColumnName()));
        string arrays = string.Join(", ", _columns.Select((column, i) => $"${i + 1}::{column.GetColumnType()}[]"));
        string table = entity.GetTableName()!;
        _insert = $"INSERT INTO {table} ({Names}) SELECT * FROM unnest({arrays}) {end}";
        _update = $"UPDATE {table} SET {string.Join(", ", _columns.Select((column, i) => $"{column.GetColumnName()} = ${i + 1}"))}";
    }

    /// <summary>
    /// The columns that this program knows. A statement that is prepared must not say <c>*</c>: PostgreSQL refuses it once a newer program has
    /// added a column.
    /// </summary>
    public string Names { get; }

    /// <summary>Inserts rows in their order.</summary>
    public NpgsqlBatchCommand Insert(IReadOnlyList<T> rows) => Statements.Command(_insert, [.. _columns.Select(column => Column(column, rows))]);

    /// <summary>Sets every column of the row, where a condition holds; its parameters count on after the columns.</summary>
    public NpgsqlBatchCommand Update(T row, Func<int, string> where, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand($"{_update} WHERE {where(_columns.Length)}");
        foreach (IProperty column in _columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = Value(column, row) ?? DBNull.Value, DataTypeName = column.GetColumnType() });
        }

        foreach (object parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private static Array Column(IProperty column, IReadOnlyList<T> rows)
    {
        Type type = column.GetTypeMapping().Converter?.ProviderClrType ?? column.ClrType;
        var values = Array.CreateInstance(type, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            values.SetValue(Value(column, rows[i]), i);
        }

        return values;
    }

    private static object? Value(IProperty column, T row)
    {
        object? value = column.GetGetter().GetClrValue(row);
        return column.GetTypeMapping().Converter is ValueConverter converter ? converter.ConvertToProvider(value) : value;
    }
}
