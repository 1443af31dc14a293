using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>
/// Something to be done for a user when its time comes, by whichever node takes it. Added in the unit of work that wants
/// it done, so that both happen or neither. It says what it is about and nothing more: it is found before the user is
/// known, by the name of its queue, and then worked on as that user.
/// </summary>
internal sealed class Job : ITenantOwned
{
    public Guid UserId { get; set; }
    public required Guid Id { get; init; }

    /// <summary>Which handler it is for.</summary>
    public required string Queue { get; init; }

    /// <summary>The record that it is about.</summary>
    public required Guid PayloadId { get; init; }

    /// <summary>
    /// When it may be taken. Taking it moves this to the end of the taker's lease: a node that dies gives it back by
    /// doing nothing, and no two nodes ever hold the same value.
    /// </summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>How often it was taken without getting anywhere.</summary>
    public int Attempts { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<Job>
    {
        public void Configure(EntityTypeBuilder<Job> builder)
        {
            builder.HasKey(j => new { j.UserId, j.Id });
            builder.HasOne<User>().WithMany().HasForeignKey(j => j.UserId);
            builder.HasIndex(j => new { j.Queue, j.DueAt });
            builder.HasIndex(j => new { j.UserId, j.Queue, j.PayloadId }).IsUnique();
            builder.HasAnnotation(TenancyModel.LookupAnnotation, "queue");
            builder.Property(j => j.Queue).HasMaxLength(40);
        }
    }
}
