using System.Globalization;

namespace CallAgent;

/// <summary>Every mail that the product writes. Links begin with the installation's own address and never with a request's.</summary>
internal sealed class Mails(Uri publicUrl)
{
    private const string NotYou = "If you did not expect this mail, there is nothing to do: without the link nothing happens.";

    public Mail Invitation(string to, string? company, string inviter, string role, string token) =>
        new(to, $"{inviter} invites you to {company ?? "a team"} on CallAgent")
        {
            Paragraphs =
            [
                "Hello,",
                $"{inviter} invites you to work with {company ?? "their team"} on CallAgent, as {role}. Choose a password, and you are in.",
            ],
            Link = ("Accept the invitation", At("accept-invitation", token)),
            Closing = $"The link works once, for {Hours(Invitations.Life)} hours. {NotYou}",
        };

    private string At(string page, string token) => new Uri(publicUrl, $"{page}?token={token}").AbsoluteUri;

    private static string Hours(TimeSpan span) => span.TotalHours.ToString(CultureInfo.InvariantCulture);
}
