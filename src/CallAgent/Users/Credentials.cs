using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>A secret that signs a member in, kept as a hash.</summary>
internal abstract class Credential : ITenantOwned
{
    public Guid UserId { get; set; }
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid MemberId { get; set; }

    /// <summary>SHA-256 of the secret in hex. The secrets are 256 random bits, so nothing slower is needed.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static void Configure<T>(EntityTypeBuilder<T> builder) where T : Credential
    {
        builder.HasKey(c => new { c.UserId, c.Id });
        builder.HasIndex(c => c.Hash).IsUnique();
        builder.HasAnnotation(TenancyModel.LookupAnnotation, "hash");
        builder.HasIndex(c => new { c.UserId, c.MemberId });
        builder.HasOne<Member>().WithMany().HasForeignKey(c => new { c.UserId, c.MemberId });
        builder.Property(c => c.Hash).HasMaxLength(64);
    }
}

/// <summary>A sign-in of the web page. It lives on the server, so that a log-out ends a copied cookie too.</summary>
internal sealed class Session : Credential
{
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The last request, to the minute.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the password or a code was given last.</summary>
    public required DateTimeOffset ProvedAt { get; set; }

    public string? UserAgent { get; init; }
    public string? Address { get; init; }

    public Client.Session ToRecord(Guid? current) => new()
    {
        Id = Id,
        Device = SignInOrigin.Device(UserAgent),
        UserAgent = UserAgent,
        Address = Address,
        CreatedAt = CreatedAt,
        LastSeenAt = LastSeenAt,
        ExpiresAt = ExpiresAt,
        IsCurrent = Id == current,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Session>
    {
        public void Configure(EntityTypeBuilder<Session> builder) => Configure<Session>(builder);
    }
}

/// <summary>Gets the next access token, once. Its family is one sign-in; taking one twice ends the family.</summary>
internal sealed class RefreshToken : Credential
{
    public required Guid Family { get; init; }

    /// <summary>When the family began, by a password.</summary>
    public required DateTimeOffset SignedInAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<RefreshToken>
    {
        public void Configure(EntityTypeBuilder<RefreshToken> builder) => Configure<RefreshToken>(builder);
    }
}

/// <summary>A machine's key; it may what its member may, as far as its scopes go.</summary>
internal sealed class ApiKey : Credential, IVersioned, ICounted
{
    public required string Name { get; set; }

    /// <summary>The first characters of the key, to tell keys apart.</summary>
    public required string Prefix { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Of <see cref="ApiScopes.All"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; set; }

    /// <summary>Addresses and networks that it serves from; everywhere when empty.</summary>
    public required IReadOnlyList<string> AllowedAddresses { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    /// <summary>Whether the key serves now and from there.</summary>
    public bool Serves(DateTimeOffset now, IPAddress? from) => (ExpiresAt is null || ExpiresAt > now)
        && (AllowedAddresses.Count == 0 || (from is not null && AllowedAddresses.Any(a => Networks.Parse(a)?.Contains(from) == true)));

    public IEnumerable<string> Totals() => [CounterNames.ApiKeys];

    public IEnumerable<Happening> Happenings(ICounted? before) => [];

    internal sealed class Configuration : IEntityTypeConfiguration<ApiKey>
    {
        public void Configure(EntityTypeBuilder<ApiKey> builder)
        {
            Configure<ApiKey>(builder);
            // Keys are counted, so that the service deletes them itself; one that was made just now must not go along.
            builder.HasOne<Member>().WithMany().HasForeignKey(c => new { c.UserId, c.MemberId }).OnDelete(DeleteBehavior.NoAction);
        }
    }
}
