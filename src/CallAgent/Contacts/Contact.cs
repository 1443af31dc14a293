using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

internal sealed class Contact : IVersioned, ICounted
{
    public Guid UserId { get; set; }

    /// <summary>Version 7, made from <see cref="CreatedAt"/>: the order of ids is the order of creation.</summary>
    public required Guid Id { get; init; }

    public required string PhoneNumber { get; set; }
    public required bool PhoneValid { get; set; }

    // Empty and not null: nulls sort differently on the two databases, and no index range covers them.
    public string FirstName { get; set; } = "";
    public string LastName { get; set; } = "";
    public string Email { get; set; } = "";
    public string Company { get; set; } = "";

    public Client.ContactStatus Status { get; set; }
    public IReadOnlyList<string> Tags { get; set; } = [];
    public required IReadOnlyDictionary<string, JsonElement> CustomFields { get; set; }

    /// <summary>
    /// The tokens once more, as a JSON array: for whoever goes along the list, and for the database, which removes the rows
    /// of <see cref="ContactToken"/> by it when the contact goes.
    /// </summary>
    public string Words { get; set; } = "[]";

    // The first line of its timeline, which is read from here: see Timeline.Beginning.

    /// <summary>Who added it: a member's name, or an API key's.</summary>
    public string? AddedBy { get; set; }

    /// <summary>The API key's id, else the member's. No foreign key: it stays when they are gone.</summary>
    public Guid? AddedById { get; set; }

    /// <summary>The particulars, such as the import that brought it.</summary>
    public IReadOnlyDictionary<string, JsonElement> AddedWith { get; set; } = Json.Empty;

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    public IEnumerable<string> Totals() => [CounterNames.Contacts, CounterNames.ContactsIn(Status)];

    public IEnumerable<Happening> Happenings(ICounted? before) =>
        before is null ? [new(CounterNames.Contacts, CounterSpan.Day, CreatedAt, CountedIn: null)] : [];

    public Client.Contact ToRecord() => new()
    {
        Id = Id,
        UserId = UserId,
        PhoneNumber = PhoneNumber,
        PhoneValid = PhoneValid,
        FirstName = NullIfEmpty(FirstName),
        LastName = NullIfEmpty(LastName),
        Email = NullIfEmpty(Email),
        Company = NullIfEmpty(Company),
        Status = Status,
        Tags = Tags,
        CustomFields = CustomFields,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    internal static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    internal sealed class Configuration : IEntityTypeConfiguration<Contact>
    {
        public void Configure(EntityTypeBuilder<Contact> builder)
        {
            builder.HasKey(c => new { c.UserId, c.Id });
            builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
            builder.HasIndex(c => new { c.UserId, c.PhoneNumber }).IsUnique();
            builder.HasIndex(c => new { c.UserId, c.Status, c.Id });
            builder.HasIndex(c => new { c.UserId, c.UpdatedAt, c.Id });
            builder.HasIndex(c => new { c.UserId, c.LastName, c.Id });
        }
    }
}
