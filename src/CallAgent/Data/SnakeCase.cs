using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CallAgent;

/// <summary>The product's spelling of names: <c>snake_case</c> in the database, in JSON and in errors.</summary>
internal static class SnakeCase
{
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>Names tables, columns, keys and indexes; table names come from the entity sets.</summary>
    public static void Apply(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            var table = Of(entity.GetTableName()!);
            entity.SetTableName(table);
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(Of(property.Name));
            }
            entity.FindPrimaryKey()!.SetName($"pk_{table}");
            foreach (var key in entity.GetForeignKeys())
            {
                key.SetConstraintName($"fk_{table}_{string.Join('_', key.Properties.Skip(key.Properties.Count > 1 ? 1 : 0).Select(p => Of(p.Name)))}");
            }
            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName($"ix_{table}_{string.Join('_', index.Properties.Select(p => Of(p.Name)))}");
            }
        }
    }
}

/// <summary>Enum values as <c>snake_case</c> text.</summary>
internal static class EnumText<T> where T : struct, Enum
{
    private static readonly Dictionary<T, string> Texts = Enum.GetValues<T>().ToDictionary(v => v, v => SnakeCase.Of(v.ToString()));
    private static readonly Dictionary<string, T> Values = Texts.ToDictionary(p => p.Value, p => p.Key);

    public static IEnumerable<string> All => Texts.Values;

    public static string Of(T value) => Texts[value];

    public static bool TryParse(string text, out T value) => Values.TryGetValue(text, out value);

    /// <summary>For values that this product wrote itself.</summary>
    public static T Parse(string text) => Values[text];
}

internal sealed class EnumTextConverter<T>() : ValueConverter<T, string>(v => EnumText<T>.Of(v), t => EnumText<T>.Parse(t))
    where T : struct, Enum;

/// <summary>Enum values by the names that the API gives them.</summary>
public static class EnumTexts
{
    public static string ToText<T>(this T value) where T : struct, Enum => EnumText<T>.Of(value);

    /// <summary>The value of this name; <c>null</c> when there is none.</summary>
    public static T? FromText<T>(string text) where T : struct, Enum => EnumText<T>.TryParse(text, out var value) ? value : null;
}
