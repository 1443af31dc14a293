namespace CallAgent.Server;

/// <summary>What is said of a mail.</summary>
internal static class MailWords
{
    /// <summary>That a mail is on its way, and what that means on an installation without a mail server.</summary>
    public static string Mailed(this Workspace workspace, string text) => workspace.SendsMail
        ? text
        : $"{text} This installation has no mail server (SMTP_URL): the mail is a file in the folder “mail” of its data.";
}
