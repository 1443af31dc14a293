using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The doors through the tenant filter: named, few, and all in this file.</summary>
internal static class Lookups
{
#pragma warning disable RS0030 // The home of the exception that the ban is about.

    /// <summary>
    /// Rows of any user, for the moment before it is known whose they are: of a sign-in, or a job. On PostgreSQL the policies still show only
    /// those that the scope names, by an e-mail, a hash or a queue.
    /// </summary>
    public static IQueryable<T> OfAnyUser<T>(this DbSet<T> rows) where T : class, ITenantOwned => rows.IgnoreQueryFilters([TenancyModel.Filter]);

#pragma warning restore RS0030
}
