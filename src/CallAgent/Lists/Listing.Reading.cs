using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

// How a page is read: one query, whose cost is that of the page and not of the table, because the order is an index's and the
// position is a key and not an offset.
internal sealed partial class Listing<T>
{
    private const int DefaultLimit = 50;
    private const int LargestLimit = 200;
    private const int StreamedPart = 1_000;

    private static readonly string[] NotACursor = ["Is not a cursor of this list with these parameters. Begin again without it."];

    /// <param name="db">The unit of work.</param>
    /// <param name="cursors">Signs positions.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="toRecord">The public form of a row.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <param name="part">Names the part of the table that this list is about, when it is not the whole.</param>
    /// <param name="within">Restricts the rows to that part.</param>
    /// <param name="oldest">A row that comes from elsewhere and is older than all others; the list knows no order but that of creation.</param>
    public async Task<Result<Client.Page<TRecord>>> ReadAsync<TRecord>(
        CrmDb db, Cursors cursors, Client.ListQuery query, Func<T, TRecord> toRecord, CancellationToken cancellation,
        string part = "", Func<IQueryable<T>, IQueryable<T>>? within = null, T? oldest = null)
    {
        var errors = new Dictionary<string, string[]>();
        var rows = Restrict(db, query, errors);
        rows = within?.Invoke(rows) ?? rows;
        var canonical = part + Canonical(query);
        var (order, descending) = OrderOf(query, errors);
        var limit = query.Limit ?? DefaultLimit;
        if (limit is < 1 or > LargestLimit)
        {
            errors["limit"] = [$"Must be between 1 and {LargestLimit}."];
        }
        if (errors.Count == 0)
        {
            rows = await SearchAsync(db, rows, query, cancellation);
        }
        if (errors.Count == 0 && query.Cursor is { } cursor)
        {
            if (cursors.Read(db.UserId, canonical, cursor) is { } position)
            {
                rows = order!.After(db, rows, position.SortKey, position.Id, descending);
            }
            else
            {
                errors["cursor"] = NotACursor;
            }
        }
        if (errors.Count > 0)
        {
            return Problem.Invalid(errors);
        }

        var found = await order!.Apply(rows, descending).AsNoTracking().Take(limit + 1).ToListAsync(cancellation);
        if (oldest is not null && (descending ? found.Count <= limit : query.Cursor is null))
        {
            found.Insert(descending ? found.Count : 0, oldest);
        }
        return PageOf(found, limit, row => toRecord(row), last => order.PositionOf(last) is var (key, id) ? cursors.Write(db.UserId, canonical, key, id) : null);
    }

    /// <summary>Whether a query asks for a page of the newest and nothing else, as most do.</summary>
    public static bool IsPlain(Client.ListQuery query) =>
        query is { Sort: null, Q: null, Limit: null or DefaultLimit, Filters.Count: 0 };

    /// <summary>The page of a plain query, by a way to it that is shorter than a query made of parts.</summary>
    /// <param name="userId">Whose list it is.</param>
    /// <param name="cursors">Signs positions.</param>
    /// <param name="query">A plain one.</param>
    /// <param name="read">Reads this many rows before an id, newest first.</param>
    /// <param name="idOf">The id of a row.</param>
    public async Task<Result<Client.Page<TRecord>>> ReadPlainAsync<TRecord>(
        Guid userId, Cursors cursors, Client.ListQuery query, Func<Guid, int, Task<List<TRecord>>> read, Func<TRecord, Guid> idOf)
    {
        var (canonical, before) = (Canonical(query), Guid.AllBitsSet);
        if (query.Cursor is { } cursor)
        {
            if (cursors.Read(userId, canonical, cursor) is not { } position)
            {
                return Problem.Invalid(new Dictionary<string, string[]> { ["cursor"] = NotACursor });
            }
            before = position.Id;
        }
        return PageOf(await read(before, DefaultLimit + 1), DefaultLimit, row => row, last => cursors.Write(userId, canonical, "", idOf(last)));
    }

    private static Client.Page<TRecord> PageOf<TRow, TRecord>(List<TRow> found, int limit, Converter<TRow, TRecord> toRecord, Func<TRow, string?> cursorAfter)
    {
        var more = found.Count > limit;
        if (more)
        {
            found.RemoveRange(limit, found.Count - limit);
        }
        return new() { Data = found.ConvertAll(toRecord), HasMore = more, NextCursor = more ? cursorAfter(found[^1]) : null };
    }

    /// <summary>All rows that the query leaves, in its order, read part after part as they are taken.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="within">Restricts the rows to the part of the table that the list is about, when it is not the whole.</param>
    public Result<IAsyncEnumerable<T>> Stream(CrmDb db, Client.ListQuery query, Func<IQueryable<T>, IQueryable<T>>? within = null)
    {
        var errors = new Dictionary<string, string[]>();
        var rows = Restrict(db, query, errors);
        rows = within?.Invoke(rows) ?? rows;
        var (order, descending) = OrderOf(query, errors);
        foreach (var field in new[] { (Name: "limit", IsGiven: query.Limit is not null), (Name: "cursor", IsGiven: query.Cursor is not null) }.Where(f => f.IsGiven))
        {
            errors[field.Name] = ["An export has no pages."];
        }
        return errors.Count > 0 ? Problem.Invalid(errors) : new Result<IAsyncEnumerable<T>>(PartsAsync(db, query, order!, rows, descending));
    }

    private async IAsyncEnumerable<T> PartsAsync(
        CrmDb db, Client.ListQuery query, IOrder<T> order, IQueryable<T> restricted, bool descending, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var rows = await SearchAsync(db, restricted, query, cancellation);
        var part = rows;
        while (true)
        {
            var found = await order.Apply(part, descending).AsNoTracking().Take(StreamedPart).ToListAsync(cancellation);
            foreach (var row in found)
            {
                yield return row;
            }
            if (found.Count < StreamedPart)
            {
                yield break;
            }
            var (key, id) = order.PositionOf(found[^1]);
            part = order.After(db, rows, key, id, descending);
        }
    }

    /// <summary>The rows that a valid query's filters and search leave, in no order yet.</summary>
    public Task<IQueryable<T>> RowsAsync(CrmDb db, Client.ListQuery query, CancellationToken cancellation) =>
        SearchAsync(db, Restrict(db, query, []), query, cancellation);

    private async Task<IQueryable<T>> SearchAsync(CrmDb db, IQueryable<T> rows, Client.ListQuery query, CancellationToken cancellation)
    {
        var sought = new Sought(query.Q ?? "", [.. query.Filters.Where(f => words.ContainsKey(f.Key)).SelectMany(f => words[f.Key](f.Value)!)]);
        return search is not null && (query.Q is not null || sought.Words.Count > 0) ? await search(db, rows, sought, cancellation) : rows;
    }

    // The filters' part of it, and what is wrong with the query.
    private IQueryable<T> Restrict(CrmDb db, Client.ListQuery query, Dictionary<string, string[]> errors)
    {
        var rows = source(db);
        foreach (var (field, value) in query.Filters)
        {
            if (!filters.TryGetValue(field, out var restrict))
            {
                errors[field] = [$"Is not a parameter of this list. It takes: {string.Join(", ", Parameters())}."];
            }
            else if (Validation.OfText(value, 500) is { } error)
            {
                errors[field] = [error];
            }
            else if (needed.TryGetValue(field, out var sort) && query.Sort?.TrimStart('-') != sort)
            {
                errors[field] = [$"Goes with sort={sort} or sort=-{sort} only."];
            }
            else if (restrict(db, rows, value) is { } restricted)
            {
                rows = restricted;
            }
            else
            {
                errors[field] = [choices.TryGetValue(field, out var values) ? $"Must be one of: {string.Join(", ", values)}." : "Is not a value of this field."];
            }
        }
        if (query.Q is { } q)
        {
            if (search is null)
            {
                errors["q"] = ["This list cannot be searched."];
            }
            else if (Validation.OfText(q, 200) is { } error)
            {
                errors["q"] = [error];
            }
        }
        return rows;
    }

    private (IOrder<T>? Order, bool Descending) OrderOf(Client.ListQuery query, Dictionary<string, string[]> errors)
    {
        var sort = query.Sort ?? defaultSort;
        var descending = sort.StartsWith('-');
        if (orders.TryGetValue(descending ? sort[1..] : sort, out var order))
        {
            return (order, descending);
        }
        errors["sort"] = [$"Sort by one of: {string.Join(", ", orders.Keys)}; a leading - turns the order round."];
        return (null, descending);
    }

    private IEnumerable<string> Parameters() => ["limit", "cursor", "sort", .. search is null ? [] : new[] { "q" }, .. filters.Keys];

    // Everything that decides which rows come in which order.
    private string Canonical(Client.ListQuery query) => string.Join(
        '\n', [name, query.Sort ?? defaultSort, query.Q ?? "", .. query.Filters.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}")]);
}
