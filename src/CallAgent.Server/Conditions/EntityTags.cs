using System.Globalization;
using System.Security.Cryptography;
using CallAgent.Client;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CallAgent.Server;

/// <summary>The tags that a request names in <c>If-Match</c> or <c>If-None-Match</c>.</summary>
internal sealed class EntityTags
{
    private readonly IList<EntityTagHeaderValue> tags;

    private EntityTags(IList<EntityTagHeaderValue> tags) => this.tags = tags;

    /// <summary>Whether it is <c>*</c>: whatever there is.</summary>
    public bool IsAny => tags.Contains(EntityTagHeaderValue.Any);

    /// <summary>The versions that are named. Other tags are no record's; weak ones match nothing that is to be changed (RFC 9110, 13.1.1).</summary>
    public IReadOnlyCollection<int> Versions => [.. tags.Where(t => !t.IsWeak).Select(VersionOf).OfType<int>()];

    /// <summary>The header's tags, nothing where there is no header, or what is wrong with it.</summary>
    public static Result<EntityTags?> Of(IHeaderDictionary headers, string name)
    {
        if (!headers.TryGetValue(name, out var values))
        {
            return new(null);
        }
        return EntityTagHeaderValue.TryParseStrictList([.. values.OfType<string>()], out var tags) && tags.Count > 0
            ? new EntityTags(tags)
            : Problem.Invalid(name, "Must be * or tags in quotes, such as \"3\".");
    }

    public bool Match(StringSegment tag, bool strongly)
    {
        var current = new EntityTagHeaderValue(tag);
        return IsAny || tags.Any(t => t.Compare(current, strongly));
    }

    /// <summary>A record's tag is its version; the tag of anything else is a hash of its bytes.</summary>
    public static string TagOf(IVersionedRecord record) => string.Create(CultureInfo.InvariantCulture, $"\"{record.Version}\"");

    /// <inheritdoc cref="TagOf(IVersionedRecord)"/>
    public static string TagOf(ReadOnlySpan<byte> content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"";

    private static int? VersionOf(EntityTagHeaderValue tag) =>
        int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
