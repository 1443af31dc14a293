using Microsoft.EntityFrameworkCore;

namespace CallAgent;

// How entities become tables: every one with the filter by its user, and names as databases write them.
internal abstract partial class CrmDb
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(CrmDb).Assembly);
        var own = typeof(CrmDb).GetMethod(nameof(AddFilter), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned))).ToList())
        {
            own.MakeGenericMethod(entity.ClrType).Invoke(this, [modelBuilder]);
        }
        SnakeCase.Apply(modelBuilder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Client.Plan>().HaveConversion<EnumTextConverter<Client.Plan>>();
        configurationBuilder.Properties<Client.UserStatus>().HaveConversion<EnumTextConverter<Client.UserStatus>>();
        configurationBuilder.Properties<Client.MemberRole>().HaveConversion<EnumTextConverter<Client.MemberRole>>();
        configurationBuilder.Properties<MailedPurpose>().HaveConversion<EnumTextConverter<MailedPurpose>>();
        configurationBuilder.Properties<Client.ContactStatus>().HaveConversion<EnumTextConverter<Client.ContactStatus>>();
        configurationBuilder.Properties<Client.CallStatus>().HaveConversion<EnumTextConverter<Client.CallStatus>>();
        configurationBuilder.Properties<Client.Speaker>().HaveConversion<EnumTextConverter<Client.Speaker>>();
        configurationBuilder.Properties<Client.TimelineKind>().HaveConversion<EnumTextConverter<Client.TimelineKind>>();
        configurationBuilder.Properties<Client.ImportState>().HaveConversion<EnumTextConverter<Client.ImportState>>();
        configurationBuilder.Properties<Client.OnDuplicate>().HaveConversion<EnumTextConverter<Client.OnDuplicate>>();
        configurationBuilder.Properties<Client.RowOutcome>().HaveConversion<EnumTextConverter<Client.RowOutcome>>();
        configurationBuilder.Properties<Client.RowUndo>().HaveConversion<EnumTextConverter<Client.RowUndo>>();
        configurationBuilder.Properties<Client.AuditKind>().HaveConversion<EnumTextConverter<Client.AuditKind>>();
        configurationBuilder.Properties<Client.AuditActorKind>().HaveConversion<EnumTextConverter<Client.AuditActorKind>>();
        configurationBuilder.Properties<IReadOnlyList<string>>().HaveConversion<JsonColumn<IReadOnlyList<string>>, JsonColumnComparer<IReadOnlyList<string>>>();
        configurationBuilder.Properties<IReadOnlyDictionary<string, Client.StageScript>>()
            .HaveConversion<JsonColumn<IReadOnlyDictionary<string, Client.StageScript>>, JsonColumnComparer<IReadOnlyDictionary<string, Client.StageScript>>>();
        configurationBuilder.Properties<IReadOnlyDictionary<string, System.Text.Json.JsonElement>>()
            .HaveConversion<JsonColumn<IReadOnlyDictionary<string, System.Text.Json.JsonElement>>, JsonColumnComparer<IReadOnlyDictionary<string, System.Text.Json.JsonElement>>>();
    }

    private void AddFilter<T>(ModelBuilder builder) where T : class, ITenantOwned
    {
        builder.Entity<T>().HasQueryFilter(TenancyModel.Filter, row => row.UserId == UserId);
        if (typeof(T).IsAssignableTo(typeof(IVersioned)))
        {
            builder.Entity<T>().Property(nameof(IVersioned.Version)).IsConcurrencyToken();
        }
    }
}
