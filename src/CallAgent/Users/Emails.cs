using System.Globalization;
using System.Net.Mail;

namespace CallAgent;

internal static class Emails
{
    private static readonly IdnMapping Idn = new();

    /// <summary>The address in the one form that is stored and compared, or <c>null</c> when it is none.</summary>
    public static string? Normalise(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length is 0 or > 254 || !MailAddress.TryCreate(trimmed, out var address) || address.Address != trimmed || address.User.Length > 64)
        {
            return null;
        }
        try
        {
            var host = Idn.GetAscii(address.Host).ToLowerInvariant();
            return host.Contains(' ') ? null : $"{address.User.Normalize().ToLowerInvariant()}@{host}";
        }
        catch (ArgumentException)
        {
            return null; // Not a host name.
        }
    }
}
