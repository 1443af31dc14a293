using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace CallAgent;

/// <summary>
/// Writes many rows of one entity inside the current transaction: on PostgreSQL one statement over arrays (COPY is refused
/// under row-level security), on SQLite one prepared statement. Columns and converters are the model's. Like a save, it
/// stamps rows with the user and refuses those of another.
/// </summary>
internal static class Bulk
{
    private static readonly ConcurrentDictionary<(Type Context, Type Entity), Column[]> Tables = new();

    public static async Task InsertAsync<T>(CrmDb db, IReadOnlyList<T> rows, CancellationToken cancellation) where T : class, ITenantOwned
    {
        Guard(db, rows);
        var (table, columns) = Describe<T>(db);
        var names = string.Join(", ", columns.Select(c => c.Name));
        await WriteAsync(db, rows, columns,
            postgres: $"insert into {table} ({names}) select * from unnest({{0}})",
            sqlite: $"insert into {table} ({names}) values ({{0}})", cancellation);
    }

    /// <summary>Writes some properties of rows that are there, found by their keys.</summary>
    public static async Task UpdateAsync<T>(CrmDb db, IReadOnlyList<T> rows, string[] properties, CancellationToken cancellation) where T : class, ITenantOwned
    {
        Guard(db, rows);
        var (table, all) = Describe<T>(db);
        Column[] columns = [.. all.Where(c => c.IsKey || properties.Contains(c.Property))];
        var (keys, values) = (columns.Where(c => c.IsKey), columns.Where(c => !c.IsKey));
        await WriteAsync(db, rows, columns,
            postgres: $"update {table} t set {Pairs(values, "u.")} from unnest({{0}}) u ({string.Join(", ", columns.Select(c => c.Name))}) where {Pairs(keys, "u.", " and t.", "t.")}",
            sqlite: $"update {table} set {Pairs(values, "@")} where {Pairs(keys, "@", " and ")}", cancellation);

        static string Pairs(IEnumerable<Column> columns, string source, string separator = ", ", string first = "") =>
            first + string.Join(separator, columns.Select(c => $"{c.Name} = {source}{c.Name}"));
    }

    private static void Guard<T>(CrmDb db, IReadOnlyList<T> rows) where T : class, ITenantOwned
    {
        foreach (var row in rows)
        {
            Stamp(row, db.UserId);
        }

        static void Stamp(T row, Guid userId)
        {
            TenancyModel.Stamp(row, userId);
            if (row.UserId != userId)
            {
                throw new TenancyException($"A {typeof(T).Name} of another user was about to be written.");
            }
        }
    }

    private static Task WriteAsync<T>(
        CrmDb db, IReadOnlyList<T> rows, Column[] columns, string postgres, string sqlite, CancellationToken cancellation) where T : class
    {
        if (rows.Count == 0)
        {
            return Task.CompletedTask;
        }
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Rows are written in bulk only within a transaction.");
        }
        return db is PostgresCrmDb ? PostgresAsync(db, rows, columns, postgres, cancellation) : SqliteAsync(db, rows, columns, sqlite, cancellation);
    }

    private static Task PostgresAsync<T>(CrmDb db, IReadOnlyList<T> rows, Column[] columns, string sql, CancellationToken cancellation) where T : class
    {
        var arrays = new object[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            arrays[i] = new NpgsqlParameter { Value = columns[i].ToArray(rows), ParameterName = $"p{i}" };
        }
        var places = string.Join(", ", columns.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{{{i}}}")));
        return db.Database.ExecuteSqlAsync(FormattableStringFactory.Create(sql.Replace("{0}", places, StringComparison.Ordinal), arrays), cancellation);
    }

    private static async Task SqliteAsync<T>(CrmDb db, IReadOnlyList<T> rows, Column[] columns, string sql, CancellationToken cancellation) where T : class
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql.Replace("{0}", string.Join(", ", columns.Select(c => $"@{c.Name}")), StringComparison.Ordinal);
        command.Transaction = (DbTransaction)((Microsoft.EntityFrameworkCore.Infrastructure.IInfrastructure<DbTransaction>)db.Database.CurrentTransaction!).Instance;
        var parameters = Array.ConvertAll(columns, c =>
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@{c.Name}";
            command.Parameters.Add(parameter);
            return parameter;
        });
        await command.PrepareAsync(cancellation);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Length; i++)
            {
                parameters[i].Value = columns[i].Read(row) ?? DBNull.Value;
            }
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static (string Table, Column[] Columns) Describe<T>(CrmDb db)
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        return (entity.GetTableName()!, Tables.GetOrAdd((db.GetType(), typeof(T)), _ => [.. entity.GetProperties().Select(p => new Column(p))]));
    }

    /// <summary>One column: its name, and how its value is read from an entity in the database's form.</summary>
    private sealed class Column
    {
        private readonly Func<object, object?> read;
        private readonly Func<object?, object?> convert;
        private readonly Type stored;

        public Column(IProperty property)
        {
            var converter = property.GetTypeMapping().Converter;
            (Name, Property, IsKey) = (property.GetColumnName(), property.Name, property.IsPrimaryKey());
            read = property.PropertyInfo!.GetValue;
            convert = converter is null ? value => value : value => value is null ? null : converter.ConvertToProvider(value);
            var type = converter?.ProviderClrType ?? property.ClrType;
            stored = property.IsNullable && type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;
        }

        public string Name { get; }
        public string Property { get; }
        public bool IsKey { get; }

        public object? Read(object row) => convert(read(row));

        public Array ToArray<T>(IReadOnlyList<T> rows) where T : class
        {
            var values = Array.CreateInstance(stored, rows.Count);
            for (var i = 0; i < rows.Count; i++)
            {
                values.SetValue(Read(rows[i]), i);
            }
            return values;
        }
    }
}
