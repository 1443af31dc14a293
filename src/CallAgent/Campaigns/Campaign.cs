using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

internal sealed class Campaign : IVersioned, ICounted
{
    public Guid UserId { get; set; }
    public required Guid Id { get; init; }
    public required string Name { get; set; }
    public string? Description { get; set; }
    public required IReadOnlyList<string> Stages { get; set; }
    public required IReadOnlyDictionary<string, Client.StageScript> ScriptTemplate { get; set; }
    public required IReadOnlyList<string> DataCollectionFields { get; set; }
    public required bool IsActive { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    /// <summary>What to say in a stage; nothing when the campaign has no text for it.</summary>
    public string ScriptFor(string stage) => ScriptTemplate.GetValueOrDefault(stage)?.Script ?? "";

    public IEnumerable<string> Totals() => IsActive ? [CounterNames.Campaigns, CounterNames.ActiveCampaigns] : [CounterNames.Campaigns];

    public IEnumerable<Happening> Happenings(ICounted? before) => [];

    public Client.Campaign ToRecord() => new()
    {
        Id = Id,
        UserId = UserId,
        Name = Name,
        Description = Description,
        Stages = Stages,
        ScriptTemplate = ScriptTemplate,
        DataCollectionFields = DataCollectionFields,
        IsActive = IsActive,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Campaign>
    {
        public void Configure(EntityTypeBuilder<Campaign> builder)
        {
            builder.HasKey(c => new { c.UserId, c.Id });
            builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
            builder.HasIndex(c => new { c.UserId, c.Name, c.Id });
            builder.HasIndex(c => new { c.UserId, c.UpdatedAt, c.Id });
        }
    }
}
