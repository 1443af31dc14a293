using System.Text.Json;

namespace CallAgent.Server;

/// <summary>Ids and times that the examples share, so that they fit together.</summary>
internal static class Sample
{
    public const string Email = "ada@acme.example";

    public static readonly Guid UserId = Guid.Parse("01932f4e-8a55-7c11-b1f0-3d1f5d3c9a00");
    public static readonly Guid Id = Guid.Parse(Examples.Id);
    public static readonly Guid MemberId = Guid.Parse("01932f4e-8a55-7c11-b1f0-3d1f5d3c9a02");
    public static readonly Guid CampaignId = Guid.Parse("01932f4e-8a55-7c11-b1f0-3d1f5d3c9a03");
    public static readonly Guid ContactId = Guid.Parse("01932f4e-8a55-7c11-b1f0-3d1f5d3c9a04");
    public static readonly Guid CallId = Guid.Parse("01932f4e-8a55-7c11-b1f0-3d1f5d3c9a05");

    public static readonly DateTimeOffset Morning = new(2026, 12, 1, 9, 30, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Later = Morning.AddSeconds(95);

    /// <summary>A JSON value.</summary>
    public static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);
}
