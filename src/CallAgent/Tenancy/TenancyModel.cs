using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CallAgent;

/// <summary>The nets that live in EF Core: the stamp, the guard, and the rules that the model must keep.</summary>
internal static class TenancyModel
{
    /// <summary>The name of the query filter on every entity.</summary>
    public const string Filter = "tenant";

    /// <summary>Annotation of a sign-in entity: the column by whose exact value a row may be found before sign-in.</summary>
    public const string LookupAnnotation = "CallAgent:Lookup";

    /// <summary>Annotation of an entity whose rows the server may not do everything with: what it may.</summary>
    public const string RightsAnnotation = "CallAgent:Rights";

    public const string AllRights = "select, insert, update, delete";

    /// <summary>What the server may do with the rows of an entity.</summary>
    public static string RightsOn(IReadOnlyEntityType entity) =>
        entity.FindAnnotation(RightsAnnotation)?.Value as string ?? AllRights;

    /// <summary>Gives a new row its user; called before EF begins to track it, because the key contains the user.</summary>
    public static void Stamp(object entity, Guid userId)
    {
        if (entity is ITenantOwned owned && owned.UserId == Guid.Empty)
        {
            owned.UserId = userId;
        }
    }

    /// <summary>Refuses to save a row of another user, whatever way it came to be tracked.</summary>
    public static void Guard(ChangeTracker tracker, Guid userId)
    {
        foreach (var entry in tracker.Entries())
        {
            if (entry.State is EntityState.Unchanged or EntityState.Detached)
            {
                continue;
            }
            var property = entry.Property(nameof(ITenantOwned.UserId));
            if ((Guid)property.CurrentValue! != userId || (Guid)property.OriginalValue! != userId)
            {
                throw new TenancyException($"A {entry.Metadata.ClrType.Name} of another user was about to be saved.");
            }
        }
    }

    /// <summary>
    /// What in the model breaks the rules: an entity without a user, without the filter, or with a key, foreign key or
    /// unique index that does not begin with <c>user_id</c>. Empty when all is well.
    /// </summary>
    public static IEnumerable<string> Violations(IModel model) => model.GetEntityTypes().SelectMany(Violations);

    private static IEnumerable<string> Violations(IEntityType entity)
    {
        var name = entity.ClrType.Name;
        if (!entity.ClrType.IsAssignableTo(typeof(ITenantOwned)))
        {
            yield return $"{name} has no user.";
            yield break;
        }
        if (entity.FindDeclaredQueryFilter(Filter) is null)
        {
            yield return $"{name} has no tenant filter.";
        }
        foreach (var key in entity.GetKeys().Where(k => !BeginsWithUser(k.Properties)))
        {
            yield return $"Key {key.GetName()} of {name} does not begin with user_id.";
        }
        foreach (var key in entity.GetForeignKeys().Where(k => !BeginsWithUser(k.Properties) || !BeginsWithUser(k.PrincipalKey.Properties)))
        {
            yield return $"Foreign key {key.GetConstraintName()} of {name} does not begin with user_id.";
        }
        // The one thing unique over all users is what a stranger signs in with.
        foreach (var index in entity.GetIndexes().Where(i => i.IsUnique && !BeginsWithUser(i.Properties)))
        {
            if (index.Properties is not [var only] || entity.FindAnnotation(LookupAnnotation)?.Value as string != only.GetColumnName())
            {
                yield return $"Unique index {index.GetDatabaseName()} of {name} does not begin with user_id.";
            }
        }
    }

    private static bool BeginsWithUser(IReadOnlyList<IReadOnlyProperty> properties) =>
        properties[0].Name == nameof(ITenantOwned.UserId);
}
