using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>A user's contacts.</summary>
public sealed partial class Contacts
{
    internal static readonly Listing<Contact> Listing = new Listing<Contact>("contacts")
        .SortByCreation(c => c.Id)
        .SortBy("updated_at", c => c.UpdatedAt, ListingParts.WriteTime, ListingParts.ReadTime)
        .FilterInOrder("updated_after", sort: "updated_at", value => ListingParts.IsTime<Contact>(value, t => c => c.UpdatedAt >= t))
        .SortBy("last_name", c => c.LastName, n => n, n => n)
        .SortBy("phone_number", c => c.PhoneNumber, n => n, n => n)
        .FilterByEnum<Client.ContactStatus>("status", s => c => c.Status == s)
        .FilterByWords("tag", value => Tags.Normalise(value) is { } tag ? [ContactTokens.Tag(tag)] : null)
        .FilterByWords("phone_number", NumberSearch.WordsOf, NumberSearch.Is)
        // Databases know the case of ASCII alone, or of more.
        .FilterByWords("email", value => [.. ContactTokens.WordsOf(value)], value => value.ToLowerInvariant() is var email ? c => c.Email == value || c.Email.ToLower() == email : null)
        .FilterByWords("company", value => [.. ContactTokens.WordsOf(value)], value => value.ToLowerInvariant() is var company ? c => c.Company == value || c.Company.ToLower() == company : null)
        .FilterByWords("phone_valid", value => value switch { "true" => [], "false" => [ContactTokens.InvalidPhone], _ => null }, value => value == "true" ? c => c.PhoneValid : null)
        // Ids begin with the time of creation, so that the key itself serves a range of it.
        .FilterBy("created_after", (_, value) => ListingParts.IsTime<Contact>(value, t => ListingParts.FirstIdAt(t) is var id ? c => c.Id >= id : null!))
        .FilterBy("created_before", (_, value) => ListingParts.IsTime<Contact>(value, t => ListingParts.FirstIdAt(t) is var id ? c => c.Id < id : null!))
        .SearchBy((db, contacts, sought, cancellation) => ContactSearch.InAsync(db, contacts, sought, cancellation));

    private static readonly Func<CrmDb, Guid, Task<Contact?>> ById =
        EF.CompileAsyncQuery((CrmDb db, Guid id) => db.Contacts.AsNoTracking().FirstOrDefault(c => c.Id == id));

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    /// <summary>What the timeline takes.</summary>
    public static ListParameters TimelineParameters { get; } = Timeline.Listing.Describe();

    private readonly Workspace workspace;

    internal Contacts(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    /// <summary>A page of contacts, newest first unless the query sorts otherwise.</summary>
    public Task<Result<Client.Page<Client.Contact>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        workspace.ListedAsync(AuditActions.ContactList, query, workspace.ShortWay is { } contacts && Listing<Contact>.IsPlain(query ?? new())
            ? Listing.ReadPlainAsync(
                workspace.Principal.UserId, workspace.Host.Cursors, query ?? new(), (before, count) => contacts.ListAsync(before, count, cancellation), c => c.Id)
            : Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), c => c.ToRecord(), cancellation));

    /// <summary>One contact; <c>null</c> when the user has none with this id.</summary>
    public async Task<Client.Contact?> FindAsync(Guid id, CancellationToken cancellation = default)
    {
        var found = workspace.ShortWay is { } contacts ? await contacts.FindAsync(id, cancellation) : (await ById(Db, id))?.ToRecord();
        return found is null ? null : workspace.Read(AuditActions.ContactRead, id, found);
    }

    /// <summary>The contacts with these ids, in one query; those that the user does not have are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, Client.Contact>> ManyAsync(IEnumerable<Guid> ids, CancellationToken cancellation = default)
    {
        var wanted = ids.Distinct().ToArray();
        if (wanted.Length == 0)
        {
            return new Dictionary<Guid, Client.Contact>();
        }
        workspace.AuditRead(AuditActions.ContactList);
        return (await Db.Contacts.AsNoTracking().Where(c => wanted.Contains(c.Id)).ToListAsync(cancellation)).ToDictionary(c => c.Id, c => c.ToRecord());
    }

    /// <summary>Adds a contact, within the plan's limit; the number must be new to the user.</summary>
    public async Task<Result<Client.Contact>> CreateAsync(Client.CreateContact request, CancellationToken cancellation = default)
    {
        if (Draft(request, out var contact) is { } invalid)
        {
            return invalid;
        }
        contact.UserId = workspace.Principal.UserId;
        workspace.BeginTimeline(contact);
        return await AddAsync(contact, cancellation) is { } problem ? await NameHolderAsync(problem, contact.PhoneNumber, cancellation) : contact.ToRecord();
    }

    /// <summary>What is wrong with a new contact by itself, whoever is there already; <c>null</c> when nothing is.</summary>
    public Problem? Check(Client.CreateContact request) => Draft(request, out _);

    /// <summary>Changes the given fields.</summary>
    public Task<Result<Client.Contact>> UpdateAsync(Guid id, Client.UpdateContact request, CancellationToken cancellation = default) =>
        ContactChanges.Check(request, workspace.Principal.DefaultRegion) is { } invalid
            ? Task.FromResult<Result<Client.Contact>>(invalid)
            : ChangeAsync(id, contact => Apply(contact, request), cancellation);

    /// <summary>Changes what follows from the contact as it is at that moment.</summary>
    internal Task<Result<Client.Contact>> ChangeAsync(Guid id, Func<Contact, Client.UpdateContact> change, CancellationToken cancellation) =>
        ChangeAsync(id, contact => Apply(contact, change(contact)), cancellation);

    /// <summary>Deletes a contact with its calls and conversations, and gives its place in the plan back.</summary>
    /// <returns><see cref="Problem.NotFound"/> when the user has no such contact.</returns>
    public Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default) => workspace.RepeatAsync(async () =>
    {
        var contact = await Db.Contacts.FirstOrDefaultAsync(c => c.Id == id, cancellation);
        if (contact is null)
        {
            return Problem.NotFound;
        }
        if (workspace.Check(contact.Version) is { } stale)
        {
            return stale;
        }
        await RemoveAsync([contact], cancellation);
        return await Db.TrySaveAsync(cancellation);
    });

    /// <summary>What happened to a contact, newest first.</summary>
    public async Task<Result<Client.Page<Client.TimelineEntry>>> TimelineAsync(
        Guid id, Client.ListQuery? query = null, CancellationToken cancellation = default)
    {
        if (await ById(Db, id) is not { } contact)
        {
            return Problem.NotFound;
        }
        workspace.AuditRead(AuditActions.ContactRead, id);
        return await Timeline.Listing.ReadAsync(
            Db, workspace.Host.Cursors, query ?? new(), e => e.ToRecord(), cancellation, id.ToString(), rows => rows.Where(e => e.ContactId == id), Timeline.Beginning(contact));
    }

    private Task<Result<Client.Contact>> ChangeAsync(Guid id, Func<Contact, Problem?> change, CancellationToken cancellation) =>
        workspace.RepeatAsync<Client.Contact>(async () =>
        {
            var contact = await Db.Contacts.FirstOrDefaultAsync(c => c.Id == id, cancellation);
            if (contact is null)
            {
                return Problem.NotFound;
            }
            if (workspace.Check(contact.Version) is { } stale)
            {
                return stale;
            }
            var number = contact.PhoneNumber;
            var (invalid, isChanged) = Change(contact, change);
            if (invalid is null && contact.PhoneNumber != number)
            {
                await FollowAsync(contact, number, cancellation);
            }
            if ((invalid ?? (isChanged ? await Db.TrySaveAsync(cancellation) : null)) is { } problem)
            {
                return await NameHolderAsync(problem, contact.PhoneNumber, cancellation);
            }
            return contact.ToRecord();
        });

    // Whoever meets a number again mostly wants to go on with the contact that has it.
    private async Task<Problem> NameHolderAsync(Problem problem, string number, CancellationToken cancellation) =>
        problem.Name == Problem.PhoneNumberTaken
        && await Db.Contacts.Where(c => c.PhoneNumber == number).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellation) is { } holder
            ? problem with { Extensions = new Dictionary<string, object?> { ["contact_id"] = holder.ToString() } }
            : problem;

    // Calls that are still to be made go to the new number, but for those that were given another one than the contact's.
    private async Task FollowAsync(Contact contact, string before, CancellationToken cancellation)
    {
        foreach (var call in await Db.Calls.Where(c => c.ContactId == contact.Id && c.Status == Client.CallStatus.Scheduled && c.PhoneNumber == before).ToListAsync(cancellation))
        {
            call.PhoneNumber = contact.PhoneNumber;
        }
    }

    // With its tokens and its place in the timeline, as part of the unit of work.
    private (Problem? Problem, bool IsChanged) Change(Contact contact, Func<Contact, Problem?> change)
    {
        var (before, tokens) = (contact.ToRecord(), ContactTokens.Of(contact));
        if (change(contact) is { } invalid)
        {
            return (invalid, false);
        }
        if (Timeline.Changes(before, contact.ToRecord()) is not { Count: > 0 } changes)
        {
            return (null, false);
        }
        ContactTokens.Update(Db, contact, tokens);
        workspace.AddToTimeline(contact.Id, Client.TimelineKind.ContactUpdated, changes);
        return (null, true);
    }

    private Problem? Draft(Client.CreateContact request, out Contact contact)
    {
        var now = workspace.Now;
        contact = new Contact
        {
            Id = Guid.CreateVersion7(now),
            PhoneNumber = "",
            PhoneValid = false,
            CustomFields = Json.Empty,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var change = new Client.UpdateContact
        {
            PhoneNumber = request.PhoneNumber,
            FirstName = request.FirstName,
            LastName = request.LastName,
            Email = request.Email,
            Company = request.Company,
            Status = request.Status ?? Client.ContactStatus.New,
            Tags = new(request.Tags ?? []),
            CustomFields = new(request.CustomFields ?? Json.Empty),
        };
        return Validation.Of(request) is { } invalid ? ContactChanges.All(invalid, change, workspace.Principal.DefaultRegion) : Apply(contact, change);
    }

    private Problem? Apply(Contact contact, Client.UpdateContact request) =>
        ContactChanges.Apply(contact, request, workspace.Principal.DefaultRegion);
}
