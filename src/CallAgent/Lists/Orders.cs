using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>An order of a list: how to sort, how to go on after a row, and what of a row marks its place.</summary>
internal interface IOrder<T>
{
    IQueryable<T> Apply(IQueryable<T> rows, bool descending);

    IQueryable<T> After(CrmDb db, IQueryable<T> rows, string key, Guid id, bool descending);

    (string Key, Guid Id) PositionOf(T row);
}

/// <summary>By id alone: version 7 ids sort by the time they were made.</summary>
internal sealed class CreationOrder<T>(Expression<Func<T, Guid>> id) : IOrder<T>
{
    private readonly Func<T, Guid> idOf = id.Compile();

    public IQueryable<T> Apply(IQueryable<T> rows, bool descending) => descending ? rows.OrderByDescending(id) : rows.OrderBy(id);

    public IQueryable<T> After(CrmDb db, IQueryable<T> rows, string key, Guid after, bool descending)
    {
        var value = Captured.Value(after);
        return rows.Where(Expression.Lambda<Func<T, bool>>(
            descending ? Expression.LessThan(id.Body, value) : Expression.GreaterThan(id.Body, value), id.Parameters));
    }

    public (string Key, Guid Id) PositionOf(T row) => ("", idOf(row));
}

/// <summary>By a number that no two rows share.</summary>
internal sealed class NumberOrder<T>(Expression<Func<T, int>> number) : IOrder<T>
{
    private readonly Func<T, int> numberOf = number.Compile();

    public IQueryable<T> Apply(IQueryable<T> rows, bool descending) => descending ? rows.OrderByDescending(number) : rows.OrderBy(number);

    public IQueryable<T> After(CrmDb db, IQueryable<T> rows, string key, Guid id, bool descending)
    {
        var value = Captured.Value(int.Parse(key, CultureInfo.InvariantCulture));
        return rows.Where(Expression.Lambda<Func<T, bool>>(
            descending ? Expression.LessThan(number.Body, value) : Expression.GreaterThan(number.Body, value), number.Parameters));
    }

    public (string Key, Guid Id) PositionOf(T row) => (numberOf(row).ToString(CultureInfo.InvariantCulture), Guid.Empty);
}

/// <summary>By a key, and by id among equal keys.</summary>
internal sealed class Order<T, TKey>(Expression<Func<T, TKey>> key, Func<TKey, string> write, Func<string, TKey> read) : IOrder<T>
{
    private static readonly MethodInfo LessThan = RowComparison(nameof(NpgsqlDbFunctionsExtensions.LessThan));
    private static readonly MethodInfo GreaterThan = RowComparison(nameof(NpgsqlDbFunctionsExtensions.GreaterThan));

    private readonly Expression<Func<T, Guid>> id =
        Expression.Lambda<Func<T, Guid>>(Expression.Property(key.Parameters[0], "Id"), key.Parameters);

    private readonly Func<T, TKey> keyOf = key.Compile();

    public IQueryable<T> Apply(IQueryable<T> rows, bool descending) =>
        descending ? rows.OrderByDescending(key).ThenByDescending(id) : rows.OrderBy(key).ThenBy(id);

    public IQueryable<T> After(CrmDb db, IQueryable<T> rows, string keyText, Guid idValue, bool descending)
    {
        var (keyAt, idAt) = (Captured.Value(read(keyText)), Captured.Value(idValue));
        var condition = db is PostgresCrmDb ? RowAfter(keyAt, idAt, descending) : EachAfter(keyAt, idAt, descending);
        return rows.Where(Expression.Lambda<Func<T, bool>>(condition, key.Parameters));
    }

    public (string Key, Guid Id) PositionOf(T row) => (write(keyOf(row)), (Guid)typeof(T).GetProperty("Id")!.GetValue(row)!);

    // (key, id) < (@key, @id): one range of the index, however many rows share a key.
    private BinaryExpression RowAfter(Expression keyAt, Expression idAt, bool descending) => Expression.Equal(
        Expression.Call(descending ? LessThan : GreaterThan, Expression.Constant(EF.Functions), Row(key.Body, id.Body), Row(keyAt, idAt)),
        Expression.Constant(true));

    // SQLite's provider has no row values; the first half still bounds the range.
    private BinaryExpression EachAfter(Expression keyAt, Expression idAt, bool descending) => Expression.AndAlso(
        Compare(key.Body, keyAt, descending, orEqual: true),
        Expression.OrElse(Compare(key.Body, keyAt, descending, orEqual: false), Compare(id.Body, idAt, descending, orEqual: false)));

    private static BinaryExpression Compare(Expression a, Expression b, bool descending, bool orEqual)
    {
        if (a.Type == typeof(string))
        {
            (a, b) = (Expression.Call(typeof(string), nameof(string.Compare), null, a, b), Expression.Constant(0));
        }
        return (descending, orEqual) switch
        {
            (true, true) => Expression.LessThanOrEqual(a, b),
            (true, false) => Expression.LessThan(a, b),
            (false, true) => Expression.GreaterThanOrEqual(a, b),
            (false, false) => Expression.GreaterThan(a, b),
        };
    }

    private static UnaryExpression Row(Expression first, Expression second) => Expression.Convert(
        Expression.Call(typeof(ValueTuple), nameof(ValueTuple.Create), [first.Type, second.Type], first, second), typeof(ITuple));

    private static MethodInfo RowComparison(string name) =>
        typeof(NpgsqlDbFunctionsExtensions).GetMethod(name, [typeof(DbFunctions), typeof(ITuple), typeof(ITuple)])!;
}

/// <summary>Puts a value into a query as a parameter: a bare constant would be a new query for every value.</summary>
internal static class Captured
{
    public static Expression Value<T>(T value) => Expression.Property(Expression.Constant(new Box<T>(value)), nameof(Box<>.Content));

    private sealed record Box<T>(T Content);
}
