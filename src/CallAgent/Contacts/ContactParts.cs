using System.Text.Json;

namespace CallAgent;

/// <summary>Changes of one part of a contact that leave the rest to others who change it at the same moment.</summary>
public sealed partial class Contacts
{
    public Task<Result<Client.Contact>> AddTagAsync(Guid id, string tag, CancellationToken cancellation = default) =>
        ChangeAsync(id, contact => Tags.Normalise(tag) is { } normal
            ? Apply(contact, new() { Tags = new([.. contact.Tags, normal]) })
            : Problem.Invalid("tag", Tags.Rule), cancellation);

    public Task<Result<Client.Contact>> RemoveTagAsync(Guid id, string tag, CancellationToken cancellation = default) =>
        ChangeAsync(id, contact => Apply(contact, new() { Tags = new([.. contact.Tags.Where(t => t != Tags.Normalise(tag))]) }), cancellation);

    /// <summary>Sets one custom field and leaves the others alone; <c>null</c> takes it away.</summary>
    public Task<Result<Client.Contact>> SetFieldAsync(Guid id, string name, JsonElement? value, CancellationToken cancellation = default) =>
        ChangeAsync(id, contact =>
        {
            var fields = contact.CustomFields.Where(f => f.Key != name || value is not null).ToDictionary();
            if (value is { } given)
            {
                fields[name] = given;
            }
            var request = new Client.UpdateContact { CustomFields = fields };
            return Validation.Of(request) ?? Apply(contact, request);
        }, cancellation);
}
