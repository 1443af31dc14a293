using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>A file of contacts: what it is, what is to become of it, and how far that is.</summary>
internal sealed class Import : IVersioned, ICounted
{
    /// <summary>How long it is kept with its rows, for its report and for undoing it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    public Guid UserId { get; set; }
    public required Guid Id { get; init; }
    public required string FileName { get; init; }
    public required string Encoding { get; init; }
    public required string Delimiter { get; init; }
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The field that each column becomes, in the order of the columns.</summary>
    public required IReadOnlyList<string> Mapping { get; set; }

    public Client.ImportState State { get; set; }
    public required string DefaultRegion { get; set; }
    public Client.OnDuplicate OnDuplicate { get; set; }
    public IReadOnlyList<string> Tags { get; set; } = [];
    public Client.ContactStatus Status { get; set; }
    public bool DryRun { get; set; }

    public int Rows { get; set; }

    /// <summary>Rows 1 to this have their outcome.</summary>
    public int Done { get; set; }

    public int Created { get; set; }
    public int Updated { get; set; }
    public int Skipped { get; set; }
    public int Failed { get; set; }

    /// <summary>Undoing has come this far.</summary>
    public int UndoDone { get; set; }

    public int Undone { get; set; }
    public int Kept { get; set; }
    public string? Problem { get; set; }

    /// <summary>Who asked for it, as the timeline shows it.</summary>
    public required string Actor { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    public IEnumerable<string> Totals() => [CounterNames.Imports];

    public IEnumerable<Happening> Happenings(ICounted? before) => [];

    /// <summary>Makes the counts those of a run that has not begun.</summary>
    public void Reset() => (Done, Created, Updated, Skipped, Failed, Problem, FinishedAt) = (0, 0, 0, 0, 0, null, null);

    public void Count(Client.RowOutcome outcome)
    {
        Done++;
        _ = outcome switch
        {
            Client.RowOutcome.Created => Created++,
            Client.RowOutcome.Updated => Updated++,
            Client.RowOutcome.Skipped => Skipped++,
            _ => Failed++,
        };
    }

    public Client.Import ToRecord() => new()
    {
        Id = Id,
        UserId = UserId,
        FileName = FileName,
        Encoding = Encoding,
        Delimiter = Delimiter,
        State = State,
        Columns = [.. Columns.Zip(Mapping, (name, field) => new Client.ImportColumn { Name = name, Field = field })],
        DefaultRegion = DefaultRegion,
        OnDuplicate = OnDuplicate,
        Tags = Tags,
        Status = Status,
        DryRun = DryRun,
        Counts = new()
        {
            Rows = Rows,
            Done = Done,
            Created = Created,
            Updated = Updated,
            Skipped = Skipped,
            Failed = Failed,
            Undone = Undone,
            Kept = Kept,
        },
        Problem = Problem,
        Version = Version,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        ExpiresAt = CreatedAt + Life,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Import>
    {
        public void Configure(EntityTypeBuilder<Import> builder)
        {
            builder.HasKey(i => new { i.UserId, i.Id });
            builder.HasOne<User>().WithMany().HasForeignKey(i => i.UserId);
            builder.HasIndex(i => new { i.UserId, i.UpdatedAt, i.Id });
            builder.Property(i => i.FileName).HasMaxLength(255);
        }
    }
}
