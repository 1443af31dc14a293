using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CallAgent.Tests;

/// <summary>A server on a database of its own with a net cut: what the attacks are aimed at to prove that they would notice.</summary>
internal sealed class WeakServer : TestServer
{
    /// <summary>Queries lose the tenant filter.</summary>
    public bool WithoutFilter { get; init; }

    /// <summary>Bodies may have members that no request has.</summary>
    public bool WithLenientBodies { get; init; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureLogging(logging => logging.ClearProviders()); // It fails all the time.
        if (WithLenientBodies)
        {
            builder.ConfigureServices(services => services.PostConfigure<JsonOptions>(o =>
                o.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip));
        }
    }

    protected override void Configure(DbContextOptionsBuilder options)
    {
        base.Configure(options);
        if (WithoutFilter)
        {
            options.AddInterceptors(new FilterCut());
        }
    }
}

/// <summary>Takes the condition of the tenant filter out of every command: what forgetting the filter comes to.</summary>
internal sealed partial class FilterCut : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        command.CommandText = Condition().Replace(command.CommandText, "1 = 1");
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        command.CommandText = Condition().Replace(command.CommandText, "1 = 1");
        return new(result);
    }

    [GeneratedRegex("\"?\\w+\"?\\.\"?user_id\"? = @ef_filter__\\w+")]
    private static partial Regex Condition();
}
