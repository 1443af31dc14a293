using System.Text.Json;
using System.Text.Json.Serialization;

namespace CallAgent.Bench.Baseline;

/// <summary>The fields of the product's contact.</summary>
internal sealed record Contact(
    Guid Id, Guid UserId, string PhoneNumber, bool PhoneValid, string? FirstName, string? LastName, string? Email, string? Company,
    string Status, string[] Tags, Dictionary<string, JsonElement> CustomFields, DateTime CreatedAt, DateTime UpdatedAt);

internal sealed record NewContact(
    string PhoneNumber, string? FirstName, string? LastName, string? Email, string? Company, string[]? Tags,
    Dictionary<string, JsonElement>? CustomFields);

internal sealed record ContactPage(List<Contact> Data);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ContactPage))]
[JsonSerializable(typeof(NewContact))]
internal sealed partial class BaselineJson : JsonSerializerContext;
