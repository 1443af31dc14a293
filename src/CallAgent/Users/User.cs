using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>A client company: the tenant.</summary>
internal sealed class User : IVersioned
{
    public const string FirstRegion = "US";
    public const string FirstTimeZone = "UTC";

    public Guid UserId { get; set; }
    public string? CompanyName { get; set; }
    public string? PhoneNumber { get; set; }
    public Client.Plan Plan { get; set; } = Client.Plan.Free;
    public Client.UserStatus Status { get; set; } = Client.UserStatus.Active;
    public string DefaultRegion { get; set; } = FirstRegion;
    public string TimeZone { get; set; } = FirstTimeZone;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.HasKey(u => u.UserId);
            builder.Property(u => u.UserId).ValueGeneratedNever();
        }
    }
}
