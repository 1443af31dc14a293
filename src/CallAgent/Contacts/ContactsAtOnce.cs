using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What is done to many contacts, or said of all of them.</summary>
public sealed partial class Contacts
{
    /// <summary>How many contacts there are in each status, from the counters.</summary>
    public async Task<IReadOnlyDictionary<Client.ContactStatus, long>> CountsAsync(CancellationToken cancellation = default)
    {
        var names = Enum.GetValues<Client.ContactStatus>().ToDictionary(s => s, CounterNames.ContactsIn);
        var counters = await Db.Counters.AsNoTracking()
            .Where(c => c.Period == "" && names.Values.Contains(c.Name)).ToDictionaryAsync(c => c.Name, c => c.Value, cancellation);
        return names.ToDictionary(n => n.Key, n => counters.GetValueOrDefault(n.Value));
    }

    /// <summary>Changes or deletes many contacts in one transaction.</summary>
    public async Task<Result<Client.ChangedContacts>> ChangeAsync(Client.ChangeContacts request, CancellationToken cancellation = default)
    {
        if ((Validation.Of(request) ?? CheckParts(request)) is { } invalid)
        {
            return invalid;
        }
        var (add, remove) = (Tags.NormaliseAll(request.AddTags ?? []), Tags.NormaliseAll(request.RemoveTags ?? []));
        if ((add.Problem ?? remove.Problem) is not null)
        {
            return RenameTags(add.Problem is null ? "remove_tags" : "add_tags", add.Problem ?? remove.Problem!);
        }
        return await workspace.RepeatAsync<Client.ChangedContacts>(async () =>
        {
            var contacts = await Db.Contacts.Where(c => request.Ids.Contains(c.Id)).ToListAsync(cancellation);
            var changed = 0;
            if (request.Delete)
            {
                await RemoveAsync(contacts, cancellation);
            }
            foreach (var contact in request.Delete ? [] : contacts)
            {
                var (problem, isChanged) = Change(contact, c => Apply(c, PartOf(c, request.Status, add.Value, remove.Value)));
                if (problem is not null)
                {
                    return RenameTags("add_tags", problem, contact);
                }
                changed += isChanged ? 1 : 0;
            }
            if (await Db.TrySaveAsync(cancellation) is { } refused)
            {
                return refused;
            }
            return new Client.ChangedContacts
            {
                Changed = changed,
                Deleted = request.Delete ? contacts.Count : 0,
                NotFound = [.. request.Ids.Except(contacts.Select(c => c.Id))],
            };
        });
    }

    private static Problem? CheckParts(Client.ChangeContacts request)
    {
        var changes = request.Status is not null || request.AddTags is { Count: > 0 } || request.RemoveTags is { Count: > 0 };
        return (request.Delete, changes) switch
        {
            (true, true) => Problem.Invalid("delete", "Goes with no other change."),
            (false, false) => Problem.Invalid("body", "Says nothing to do: give add_tags, remove_tags, status or delete."),
            _ => null,
        };
    }

    private static Client.UpdateContact PartOf(Contact contact, Client.ContactStatus? status, IReadOnlyList<string> add, IReadOnlyList<string> remove) => new()
    {
        Status = status ?? contact.Status,
        Tags = new([.. contact.Tags.Except(remove).Union(add)]),
    };

    // The tags of one contact have another name in a request about many.
    private static Problem RenameTags(string field, Problem problem, Contact? contact = null) => Problem.Invalid((problem.Errors ?? new Dictionary<string, string[]>())
        .ToDictionary(e => e.Key.Replace("tags", field, StringComparison.Ordinal), e => contact is null ? e.Value : [$"{contact.PhoneNumber}: {e.Value[0]}"]));

    // Through the change tracker and not by cascade, so that the counters follow.
    private async Task RemoveAsync(IReadOnlyCollection<Contact> contacts, CancellationToken cancellation)
    {
        var ids = contacts.Select(c => c.Id).ToList();
        Db.RemoveRange(await Db.Conversations.Where(c => ids.Contains(c.ContactId)).ToListAsync(cancellation));
        Db.RemoveRange(await Db.Calls.Where(c => ids.Contains(c.ContactId)).ToListAsync(cancellation));
        Db.RemoveRange(contacts);
    }
}
