using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>An API key as a form sends it: everything or some scopes, a last day, addresses in lines.</summary>
internal static class ApiKeyForm
{
    public static readonly string[] Fields = ["name", "mode", "scopes", "expires_at", "allowed_addresses"];

    private const string Day = "yyyy-MM-dd";
    private const string Some = "some";

    public static PageForm Of(ApiKey key, Visitor visitor) => new(new Dictionary<string, string?>
    {
        ["name"] = key.Name,
        ["expires_at"] = LastDay(key, visitor),
        ["allowed_addresses"] = string.Join('\n', key.AllowedAddresses),
    });

    public static Result<CreateApiKey> ToCreate(PageForm form, Visitor visitor)
    {
        var end = End(form, visitor);
        return end.Problem is { } problem ? problem : new CreateApiKey
        {
            Name = form["name"],
            Mode = form.Choice<ApiKeyMode>("mode") ?? ApiKeyMode.Live,
            Scopes = form["access"] == Some ? form.All("scopes") : null,
            AllowedAddresses = Addresses(form),
            ExpiresAt = end.Value,
        };
    }

    public static Result<UpdateApiKey> ToUpdate(PageForm form, ApiKey key, Visitor visitor)
    {
        var end = End(form, visitor);
        if (end.Problem is { } problem)
        {
            return problem;
        }
        var request = new UpdateApiKey
        {
            Name = form["name"],
            Scopes = new(form["access"] == Some ? form.All("scopes") : [ApiScopes.Everything]),
            AllowedAddresses = new(Addresses(form)),
        };
        // A day that was not touched keeps its hour.
        return form["expires_at"] == LastDay(key, visitor) ? request : request with { ExpiresAt = new(end.Value) };
    }

    /// <summary>The last day on which the key serves; empty when it has no end.</summary>
    private static string LastDay(ApiKey key, Visitor visitor) =>
        key.ExpiresAt is { } end ? visitor.Local(end.AddTicks(-1)).ToString(Day, CultureInfo.InvariantCulture) : "";

    private static Result<DateTimeOffset?> End(PageForm form, Visitor visitor)
    {
        if (form.Text("expires_at") is not { } text)
        {
            return new((DateTimeOffset?)null);
        }
        return DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue
            ? new Result<DateTimeOffset?>(visitor.ReadLocal(day.AddDays(1).ToString(Day, CultureInfo.InvariantCulture) + "T00:00"))
            : Problem.Invalid("expires_at", "Is not a day such as 2027-01-31.");
    }

    private static string[] Addresses(PageForm form) =>
        form["allowed_addresses"].Split(['\n', '\r', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
