using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CallAgent.Server;

/// <summary>A route whose body is a file.</summary>
internal sealed record TakesFile
{
    public static readonly string[] Types = ["text/csv", "text/tab-separated-values", "application/octet-stream"];

    public const string Form = "multipart/form-data";
}

/// <summary>Takes the uploaded file out of a request as a stream: the body itself, or the first file of a form.</summary>
internal static class ImportBody
{
    private const int LongestBoundary = 100;

    private static readonly Problem NoFile = Problem.Invalid("file", "The form has no file.");

    public static async Task<Result<Client.Import>> ReceiveAsync(
        HttpRequest request, string? filename, string? encoding, Workspace workspace, CancellationToken cancellation)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The plan limits how many rows a file has; nothing of it is held in memory.
            size.MaxRequestBodySize = null;
        }
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return Unsupported("Send the file unpacked, without Content-Encoding.");
        }
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return Unsupported($"Send the file as {string.Join(", ", TakesFile.Types)} or {TakesFile.Form}.");
        }
        if (TakesFile.Types.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            return await UploadAsync(request.Body, filename, encoding, workspace, cancellation);
        }
        return type.MediaType.Equals(TakesFile.Form, StringComparison.OrdinalIgnoreCase)
            ? await FromFormAsync(request, type, filename, encoding, workspace, cancellation)
            : Unsupported($"Send the file as {string.Join(", ", TakesFile.Types)} or {TakesFile.Form}.");
    }

    private static async Task<Result<Client.Import>> FromFormAsync(
        HttpRequest request, MediaTypeHeaderValue type, string? filename, string? encoding, Workspace workspace, CancellationToken cancellation)
    {
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= LongestBoundary } boundary)
        {
            return NoFile;
        }
        try
        {
            var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = null };
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (section.AsFileSection() is { FileStream: { } file } part && part.FileName.Length > 0)
                {
                    return await UploadAsync(file, filename ?? Path.GetFileName(part.FileName), encoding, workspace, cancellation);
                }
            }
        }
        catch (Exception e) when (e is IOException and not BadHttpRequestException or InvalidDataException)
        {
            return Problem.Invalid("file", "The form cannot be read.");
        }
        return NoFile;
    }

    private static Task<Result<Client.Import>> UploadAsync(Stream file, string? filename, string? encoding, Workspace workspace, CancellationToken cancellation) =>
        workspace.Imports.UploadAsync(file, string.IsNullOrWhiteSpace(filename) ? "contacts.csv" : filename, encoding, cancellation);

    private static Problem Unsupported(string detail) => new("unsupported-media-type", 415, "Not that content type", detail);
}
