using System.Linq.Expressions;

namespace CallAgent;

/// <summary>What can be asked of one kind of list: its orders, its filters and its search.</summary>
/// <param name="name">Of all lists only this one's; its cursors are for no other.</param>
/// <param name="defaultSort">The order of who asks for none.</param>
internal sealed partial class Listing<T>(string name, string defaultSort = "-created_at") where T : class, ITenantOwned
{
    private readonly Dictionary<string, IOrder<T>> orders = [];
    private readonly Dictionary<string, Func<CrmDb, IQueryable<T>, string, IQueryable<T>?>> filters = [];
    private readonly Dictionary<string, IReadOnlyList<string>> choices = [];
    private readonly Dictionary<string, Func<string, IReadOnlyList<string>?>> words = [];
    private readonly Dictionary<string, string> needed = [];
    private Func<CrmDb, IQueryable<T>, Sought, CancellationToken, Task<IQueryable<T>>>? search;
    private Func<CrmDb, IQueryable<T>> source = db => db.Set<T>();

    public ListParameters Describe() => new([.. orders.Keys], [.. filters.Keys], search is not null) { DefaultSort = defaultSort, Choices = choices };

    /// <summary>Takes the rows from more than their table.</summary>
    public Listing<T> From(Func<CrmDb, IQueryable<T>> rows)
    {
        source = rows;
        return this;
    }

    /// <summary>Lets rows be sorted by a key that an index <c>(user_id, key, id)</c> holds.</summary>
    public Listing<T> SortBy<TKey>(string field, Expression<Func<T, TKey>> key, Func<TKey, string> write, Func<string, TKey> read)
    {
        orders[field] = new Order<T, TKey>(key, write, read);
        return this;
    }

    /// <summary>Lets rows be sorted by creation, which is the order of their ids.</summary>
    public Listing<T> SortByCreation(Expression<Func<T, Guid>> id)
    {
        orders["created_at"] = new CreationOrder<T>(id);
        return this;
    }

    /// <summary>Lets rows be sorted by a number that is theirs alone in the part of the table that the list is about.</summary>
    public Listing<T> SortByNumber(string field, Expression<Func<T, int>> number)
    {
        orders[field] = new NumberOrder<T>(number);
        return this;
    }

    /// <summary>Lets rows be filtered; <paramref name="match"/> answers <c>null</c> when the value makes no sense.</summary>
    public Listing<T> FilterBy(string field, Func<CrmDb, string, Expression<Func<T, bool>>?> match) =>
        FilterBy(field, (db, rows, value) => match(db, value) is { } condition ? rows.Where(condition) : null);

    /// <inheritdoc cref="FilterBy(string, Func{CrmDb, string, Expression{Func{T, bool}}?})"/>
    public Listing<T> FilterBy(string field, Func<CrmDb, IQueryable<T>, string, IQueryable<T>?> restrict)
    {
        filters[field] = restrict;
        return this;
    }

    /// <summary>Lets rows be filtered by one of a few values, which a refusal names.</summary>
    public Listing<T> FilterBy(string field, IEnumerable<string> values, Func<CrmDb, string, Expression<Func<T, bool>>?> match)
    {
        choices[field] = [.. values];
        return FilterBy(field, match);
    }

    /// <summary>
    /// Lets rows be filtered in the order alone whose index finds them: in another one the rows that were changed just now may all stand at the far end.
    /// </summary>
    /// <param name="field">The name of the filter.</param>
    /// <param name="sort">The order, up or down.</param>
    /// <param name="match">As of the other filters.</param>
    public Listing<T> FilterInOrder(string field, string sort, Func<string, Expression<Func<T, bool>>?> match)
    {
        needed[field] = sort;
        return FilterBy(field, (_, value) => match(value));
    }

    /// <inheritdoc cref="FilterBy(string, IEnumerable{string}, Func{CrmDb, string, Expression{Func{T, bool}}?})"/>
    public Listing<T> FilterByEnum<TEnum>(string field, Func<TEnum, Expression<Func<T, bool>>> match) where TEnum : struct, Enum =>
        FilterBy(field, EnumText<TEnum>.All, (_, value) => EnumText<TEnum>.TryParse(value, out var parsed) ? match(parsed) : null);

    /// <summary>
    /// Lets rows be filtered by words that the search knows, so that it decides how best to go about it, together with what else is sought;
    /// <paramref name="of"/> answers <c>null</c> when the value makes no sense.
    /// </summary>
    /// <param name="field">The name of the filter.</param>
    /// <param name="of">The words that every such row has.</param>
    /// <param name="and">What must hold besides, if anything.</param>
    public Listing<T> FilterByWords(string field, Func<string, IReadOnlyList<string>?> of, Func<string, Expression<Func<T, bool>>?>? and = null)
    {
        words[field] = of;
        return FilterBy(field, (_, rows, value) => of(value) is null ? null : and?.Invoke(value) is { } condition ? rows.Where(condition) : rows);
    }

    public Listing<T> SearchBy(Func<IQueryable<T>, string, IQueryable<T>> apply) =>
        SearchBy((_, rows, sought, _) => Task.FromResult(apply(rows, sought.Text)));

    /// <summary>Lets rows be searched by a text and by the words of filters; <paramref name="apply"/> may ask the database how best to go about it.</summary>
    public Listing<T> SearchBy(Func<CrmDb, IQueryable<T>, Sought, CancellationToken, Task<IQueryable<T>>> apply)
    {
        search = apply;
        return this;
    }
}

/// <summary>What a list is searched for.</summary>
/// <param name="Text">What somebody typed; empty when nothing.</param>
/// <param name="Words">Whole words that filters ask for.</param>
internal readonly record struct Sought(string Text, IReadOnlyList<string> Words);
