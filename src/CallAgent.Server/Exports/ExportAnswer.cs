using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallAgent.Server;

/// <summary>A route that answers with a file of a user's data; every one that returns an <see cref="ExportAnswer"/>.</summary>
internal sealed record TakesDataOut;

/// <summary>A file that is written while it is read, or the problem that stood in its way.</summary>
internal sealed class ExportAnswer(Result<Export> result) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(new TakesDataOut());

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (result.Problem is { } problem)
        {
            await problem.ToAnswer().ExecuteAsync(httpContext);
            return;
        }
        var export = result.Value;
        httpContext.Response.ContentType = export.ContentType;
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{export.FileName}\"";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await export.WriteToAsync(httpContext.Response.Body, httpContext.RequestAborted);
        }
        catch when (httpContext.Response.HasStarted && !httpContext.RequestAborted.IsCancellationRequested)
        {
            // A file that ends early must not look whole.
            httpContext.Abort();
            throw;
        }
    }
}
