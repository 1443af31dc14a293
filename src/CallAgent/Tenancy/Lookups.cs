using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The doors through the tenant filter: named, few, and all in this file.</summary>
internal static class Lookups
{
#pragma warning disable RS0030 // The home of the exception that the ban is about.

    /// <summary>
    /// Sign-in rows of any user, for the moment before anybody is signed in. On PostgreSQL the policies still show only
    /// the row whose e-mail or hash the scope names.
    /// </summary>
    public static IQueryable<T> OfAnyUser<T>(this DbSet<T> rows) where T : class, ITenantOwned => rows.IgnoreQueryFilters([TenancyModel.Filter]);

#pragma warning restore RS0030
}
