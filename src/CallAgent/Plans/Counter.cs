using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>How many of something a user has, ever or in one month or day.</summary>
internal sealed class Counter : ITenantOwned
{
    public Guid UserId { get; set; }
    public required string Name { get; init; }

    /// <summary>Empty for all time, <c>2026-11</c> for a month, <c>2026-11-23</c> for a day, in the user's time zone.</summary>
    public required string Period { get; init; }

    public long Value { get; init; }

    /// <summary>The limit that the last change was held to.</summary>
    public long? Most { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<Counter>
    {
        public void Configure(EntityTypeBuilder<Counter> builder)
        {
            builder.HasKey(c => new { c.UserId, c.Name, c.Period });
            builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
            builder.Property(c => c.Name).HasMaxLength(128);
            builder.Property(c => c.Period).HasMaxLength(10);
        }
    }
}

internal enum CounterSpan { Ever, Month, Day }

internal static class CounterNames
{
    public const string Campaigns = "campaigns";
    public const string ActiveCampaigns = "campaigns.active";
    public const string Contacts = "contacts";
    public const string Calls = "calls";
    public const string Conversations = "conversations";
    public const string ApiKeys = "api_keys";
    public const string Invitations = "invitations";
    public const string Imports = "imports";
    public const string TalkSeconds = "talk_seconds";

    public static string ContactsIn(Client.ContactStatus status) => $"contacts.{status.ToText()}";

    /// <summary>What the counters of single campaigns begin with; the account's own figures leave them out.</summary>
    public const string OfCampaigns = "campaign:";

    public static string CallsIn(Client.CallStatus status) => $"calls.{status.ToText()}";

    public static string OfCampaign(Guid id) => $"{OfCampaigns}{id:N}.";

    /// <summary>What the counters of conversations by stage begin with.</summary>
    public const string ConversationsByStage = "conversations.at.";

    public static string ConversationsAt(string stage) => ConversationsByStage + stage;

    public static string CallsIn(Guid campaignId, Client.CallStatus status) => OfCampaign(campaignId) + CallsIn(status);

    public static string ConversationsOf(Guid campaignId) => OfCampaign(campaignId) + Conversations;
}

/// <summary>A row that counters follow.</summary>
internal interface ICounted : ITenantOwned
{
    /// <summary>The totals that the row is part of as long as it exists in this state.</summary>
    IEnumerable<string> Totals();

    /// <summary>What becomes part of a day's or month's figures when the row goes from <paramref name="before"/> to this.</summary>
    IEnumerable<Happening> Happenings(ICounted? before);

    /// <summary>What its deletion gives back; most history stays.</summary>
    IEnumerable<Happening> GivenBack() => [];
}

/// <summary>An amount for the figures of the month or day that contains a moment.</summary>
/// <param name="Name">Of the counter.</param>
/// <param name="Span">Whether of a month or of a day.</param>
/// <param name="At">The moment.</param>
/// <param name="CountedIn">The time zone of what may be taken back or moved later; <c>null</c> for the account's of now.</param>
/// <param name="Amount">What to add.</param>
internal readonly record struct Happening(string Name, CounterSpan Span, DateTimeOffset At, string? CountedIn, long Amount = 1);
