using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CallAgent.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace CallAgent.Tests;

public sealed class MailTests(TestServer server)
{
    private static readonly Mail Sample = new("grace@acme.example", "Hello\r\nBcc: all@acme.example")
    {
        Paragraphs = ["Hello,", "1 < 2 & <b>bold</b>"],
        Link = ("Go on", "https://crm.example/x?token=a&b=c"),
        Closing = "Once.",
    };

    [Fact]
    public async Task Mails_are_sent_through_a_real_mail_server_as_the_user_of_the_setting()
    {
        await using var inbox = new SmtpInbox().Start(password: "p@ss:word");
        using var database = TestDatabase.Create();
        await using (var host = await CallAgentHost.StartAsync(database.Settings with
        {
            SmtpUrl = $"smtp://mailer:p%40ss%3Aword@127.0.0.1:{inbox.Port}",
            MailFrom = "Acme CRM <crm@acme.example>",
            PublicUrl = "https://crm.example/app",
        }))
        {
            var owner = (await host.RegisterAsync(TestServer.NewRegistration())).OrThrow();
            await using var workspace = host.As(owner);
            (await workspace.Invitations.CreateAsync(new() { Email = "grace@acme.example", Role = MemberRole.Agent })).OrThrow();
        }

        var (user, message) = await inbox.TakeAsync();
        while (!message.Subject!.Contains("invites", StringComparison.Ordinal))
        {
            (user, message) = await inbox.TakeAsync();
        }
        Assert.Equal("mailer", user);
        Assert.Equal(("Acme CRM", "crm@acme.example"), (message.From.Mailboxes.Single().Name, message.From.Mailboxes.Single().Address));
        Assert.Contains("https://crm.example/app/accept-invitation?token=", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://crm.example/app/accept-invitation?token=", message.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_the_server_does_not_take_now_is_tried_again()
    {
        await using var inbox = new SmtpInbox();
        var clock = new FakeTimeProvider();
        await using var mailer = NewMailer(SmtpDelivery.Parse($"smtp://127.0.0.1:{inbox.Port}"), clock);
        mailer.Post(Guid.Empty, Sample);
        await Task.Delay(300);
        inbox.Start();

        var taken = inbox.TakeAsync();
        while (!taken.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(taken, Task.Delay(50));
        }

        Assert.Equal("grace@acme.example", (await taken).Message.To.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task A_mail_server_that_cannot_prove_who_it_is_gets_nothing()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var self = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var inbox = new SmtpInbox().Start(certificate: X509CertificateLoader.LoadPkcs12(self.Export(X509ContentType.Pfx), null));

        var delivery = SmtpDelivery.Parse($"smtps://127.0.0.1:{inbox.Port}");

        await Assert.ThrowsAsync<MailKit.Security.SslHandshakeException>(() => delivery.DeliverAsync(Compose(), Guid.Empty, CancellationToken.None));
    }

    [Fact]
    public async Task Without_a_mail_server_mails_are_files_that_only_their_owner_reads()
    {
        var folder = Directory.CreateTempSubdirectory("callagent-mail-").FullName;
        await using (var mailer = NewMailer(new FileDelivery(folder, NullLogger.Instance), TimeProvider.System))
        {
            mailer.Post(Guid.Empty, Sample);
        }

        var path = Assert.Single(Directory.GetFiles(folder, "*.eml"));
        var message = await MimeMessage.LoadAsync(path);
        Assert.Equal("grace@acme.example", message.To.Mailboxes.Single().Address);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void What_people_call_themselves_neither_makes_headers_nor_markup()
    {
        var message = Compose();

        Assert.Equal("Hello  Bcc: all@acme.example", message.Subject);
        Assert.Empty(message.Bcc);
        Assert.Contains("1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;", message.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("1 < 2 & <b>bold</b>", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("href=\"https://crm.example/x?token=a&amp;b=c\"", message.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_do_not_come_from_the_host_that_a_request_names()
    {
        var user = await server.NewUserAsync();
        var address = $"{Guid.CreateVersion7():N}@example.com";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/invitations")
        {
            Content = new StringContent($$"""{"email":"{{address}}","role":"agent"}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { Host = "evil.example" },
        };
        request.Headers.Add("X-Forwarded-Host", "evil.example");

        Assert.Equal(201, (int)(await user.Http.SendAsync(request)).StatusCode);

        var mail = await server.Mailbox.ReadAsync(address, "invites");
        Assert.DoesNotContain("evil", mail.TextBody + mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("http://localhost:5000/accept-invitation?token=", mail.TextBody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SMTP_URL", "mail.example", null, null)]
    [InlineData("SMTP_URL", "http://mail.example", null, null)]
    [InlineData("SMTP_URL", "smtp://user@mail.example", null, null)]
    [InlineData("MAIL_FROM", null, "nobody", null)]
    [InlineData("PUBLIC_URL", null, null, "crm.example")]
    [InlineData("PUBLIC_URL", null, null, "https://crm.example/?x=1")]
    public async Task A_setting_that_cannot_be_used_is_named(string name, string? smtp, string? from, string? url)
    {
        using var database = TestDatabase.Create();
        var settings = database.Settings with { SmtpUrl = smtp, MailFrom = from, PublicUrl = url };

        var e = await Assert.ThrowsAsync<SettingsException>(() => CallAgentHost.StartAsync(settings));

        Assert.StartsWith(name, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static MimeMessage Compose() => Sample.Compose(new("CallAgent", "no-reply@crm.example"), TimeProvider.System.GetUtcNow());

    private static Mailer NewMailer(IMailDelivery delivery, TimeProvider clock) =>
        new(delivery, new("CallAgent", "no-reply@crm.example"), clock, NullLogger.Instance);
}
