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

    public Mail VerifyEmail(string to, string token) => new(to, "Confirm your e-mail address")
    {
        Paragraphs = ["Hello,", "Please confirm that this is your address. CallAgent sends links for a new password here."],
        Link = ("Confirm the address", At("verify-email", token)),
        Closing = $"The link works once, for {Minutes} minutes. {NotYou}",
    };

    public Mail ResetPassword(string to, string token) => new(to, "A new password for CallAgent")
    {
        Paragraphs = ["Hello,", "Somebody asked for a new password for this address. If it was you, choose one here."],
        Link = ("Choose a new password", At("reset-password", token)),
        Closing = $"The link works once, for {Minutes} minutes. {NotYou}",
    };

    public Mail PasswordChanged(string to) => new(to, "Your password was changed")
    {
        Paragraphs = ["Hello,", "The password for this address was changed just now, and everything that was signed in elsewhere was signed out."],
        Closing = $"If it was not you, ask for a new password at {new Uri(publicUrl, "forgot-password").AbsoluteUri} at once, and tell the owner of your account.",
    };

    public Mail ConfirmEmail(string to, string token) => new(to, "Confirm your new e-mail address")
    {
        Paragraphs = ["Hello,", "Somebody wants to sign in to CallAgent with this address from now on. If it was you, confirm it."],
        Link = ("Use this address", At("confirm-email", token)),
        Closing = $"The link works once, for {Minutes} minutes. {NotYou}",
    };

    public Mail EmailChangeAsked(string to, string newEmail) => new(to, "Your e-mail address is about to be changed")
    {
        Paragraphs = ["Hello,", $"Somebody who knows your password asked to sign in with {newEmail} instead of this address. It happens once that is confirmed at the new address."],
        Closing = "If it was not you, change your password now: that stops it.",
    };

    public Mail EmailChanged(string to, string newEmail) => new(to, "Your e-mail address was changed")
    {
        Paragraphs = ["Hello,", $"From now on you sign in to CallAgent with {newEmail}."],
        Closing = "If it was not you, tell the owner of your account or the operator of this installation.",
    };

    public Mail TwoFactorOn(string to) => new(to, "Two-factor sign-in is on")
    {
        Paragraphs = ["Hello,", "From now on signing in to CallAgent with this address needs a code of your authenticator app. Keep the recovery codes where you find them without your phone."],
        Closing = "If it was not you, tell the owner of your account or the operator of this installation.",
    };

    public Mail TwoFactorOff(string to) => new(to, "Two-factor sign-in is off")
    {
        Paragraphs = ["Hello,", "Signing in to CallAgent with this address needs the password only, from now on."],
        Closing = "If it was not you, change your password now, and turn it on again.",
    };

    private static string Minutes => MailedToken.Life.TotalMinutes.ToString(CultureInfo.InvariantCulture);

    private string At(string page, string token) => new Uri(publicUrl, $"{page}?token={token}").AbsoluteUri;

    private static string Hours(TimeSpan span) => span.TotalHours.ToString(CultureInfo.InvariantCulture);
}
