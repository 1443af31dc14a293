namespace CallAgent.Tests;

/// <summary>The pages that links in mails lead to, with tokens in force.</summary>
internal static class MailedLinks
{
    /// <summary>The path of the link in the newest mail with these words in its subject, as the browser of a test can follow it.</summary>
    public static async Task<string> LinkAsync(this TestServer server, string address, string subject, int nth = 1)
    {
        var mail = await server.Mailbox.ReadAsync(address, subject, nth);
        var link = mail.TextBody!.Split().Single(word => word.StartsWith("http", StringComparison.Ordinal) && word.Contains("token=", StringComparison.Ordinal));
        return new Uri(link).PathAndQuery;
    }

    /// <summary>One link of each kind.</summary>
    public static async Task<IReadOnlyList<string>> AllAsync(TestServer server)
    {
        var user = await server.NewUserAsync();
        var (email, other) = (user.Registration.Email, $"{Guid.CreateVersion7():N}@example.com");
        await user.Api.Auth.ForgotPasswordAsync(new() { Email = email });
        await user.Api.Auth.ChangeEmailAsync(new() { Email = other, Password = user.Registration.Password });
        await user.Api.Invitations.CreateAsync(new() { Email = other, Role = Client.MemberRole.Agent });
        return
        [
            await server.LinkAsync(email, "A new password"), await server.LinkAsync(email, "Confirm your e-mail"),
            await server.LinkAsync(other, "Confirm your new"), await server.LinkAsync(other, "invites you"),
        ];
    }
}
