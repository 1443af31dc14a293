using System.Net;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>What the pages of the way in say to those who come too often, too late, or with what is not in force.</summary>
public sealed class SecurityPageTests(TestServer server)
{
    [Fact]
    public async Task Too_many_tries_are_told_how_long_to_wait()
    {
        var user = await server.NewUserAsync();
        var said = "";
        for (var n = 0; n < 8 && !said.Contains("Try again in", StringComparison.Ordinal); n++)
        {
            said = (await SendAsync("/sign-in", ("email", user.Registration.Email), ("password", "guess"))).Text;
        }
        Assert.Matches("Too many wrong tries ?Try again in (a second|\\d+ seconds)\\.", said);
    }

    [Theory]
    [InlineData("/reset-password")]
    [InlineData("/verify-email")]
    [InlineData("/confirm-email")]
    [InlineData("/accept-invitation")]
    public async Task A_link_that_is_not_in_force_says_what_to_do(string path)
    {
        using var http = server.Anonymous();
        foreach (var token in new[] { "", "made-up", new string('x', 5000), "%00", "%3Cscript%3E" })
        {
            var page = await (await http.GetAsync($"{path}?token={token}")).ReadPageAsync(404);
            Assert.Equal("This link does not work any more", page.QuerySelector("h1")!.TextContent);
            Assert.NotNull(page.QuerySelector("main a.btn-primary"));
        }
        var sent = await SendAsync(path, ("token", "made-up"), ("password", "password123"), ("new_password", "password123"));
        Assert.Equal((HttpStatusCode.NotFound, true), (sent.Status, sent.Text.Contains("This link does not work any more", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_mailed_link_does_nothing_before_its_button_is_pressed()
    {
        var user = await server.NewUserAsync();
        using var http = server.Anonymous();
        var link = await server.LinkAsync(user.Registration.Email, "Confirm your e-mail");

        await (await http.GetAsync(link)).ReadPageAsync();
        await (await http.GetAsync(link)).ReadPageAsync();

        Assert.False((await user.Api.Auth.GetProfileAsync()).EmailVerified);
        var done = await SendAsync("/verify-email", ("token", link.Split('=')[1]));
        Assert.Equal((HttpStatusCode.SeeOther, "/sign-in"), (done.Status, done.Location));
        Assert.True((await user.Api.Auth.GetProfileAsync()).EmailVerified);
    }

    [Fact]
    public async Task Links_begin_with_the_installations_own_address_whatever_host_the_request_names()
    {
        var user = await server.NewUserAsync();
        using var http = server.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/forgot-password")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("email", user.Registration.Email)]),
            Headers = { Host = "evil.example" },
        };

        await (await http.SendAsync(request)).ReadPageAsync();

        var text = (await server.Mailbox.ReadAsync(user.Registration.Email, "A new password")).TextBody!;
        Assert.DoesNotContain("evil.example", text, StringComparison.Ordinal);
        Assert.Contains("http://localhost:5000/reset-password?token=", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_for_a_new_password_says_the_same_for_every_address()
    {
        var user = await server.NewUserAsync();

        var known = await SendAsync("/forgot-password", ("email", user.Registration.Email));
        var unknown = await SendAsync("/forgot-password", ("email", "nobody@example.com"));
        var none = await SendAsync("/forgot-password", ("email", "nobody"));

        Assert.Equal(known.Text.Replace(user.Registration.Email, "", StringComparison.Ordinal), unknown.Text.Replace("nobody@example.com", "", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.BadRequest, "Is not an e-mail address."), (none.Status, none.Error("email")));
    }

    [Fact]
    public async Task A_challenge_that_is_over_leads_back_to_the_password()
    {
        var over = await SendAsync("/sign-in/code", ("challenge", "forged"), ("code", "123456"), ("return", "/contacts"));

        Assert.Equal(HttpStatusCode.Unauthorized, over.Status);
        Assert.Contains("Begin again", over.Text, StringComparison.Ordinal);
        Assert.Equal("/contacts", over.Value("return"));
        Assert.NotNull(over.Document.QuerySelector("input[name=password]"));
    }

    [Fact]
    public async Task A_taken_address_is_said_to_whoever_reads_it_and_the_invitation_stays()
    {
        var (user, other) = (await server.NewUserAsync(), await server.NewUserAsync());
        await user.Api.Invitations.CreateAsync(new() { Email = other.Registration.Email, Role = MemberRole.Agent });
        var link = await server.LinkAsync(other.Registration.Email, "invites you");

        var refused = await SendAsync("/accept-invitation", ("token", link.Split('=')[1]), ("password", "password123"), ("first_name", "Grace"));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("This e-mail address is taken", refused.Text, StringComparison.Ordinal);
        Assert.Equal("Grace", refused.Value("first_name"));
        Assert.Single((await user.Api.Invitations.ListAsync()).Data);
    }

    [Fact]
    public async Task A_secret_that_the_page_did_not_make_is_not_drawn()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);
        await page.PostAsync("/settings/security", "/settings/security/two-factor", ("password", user.Registration.Password));

        var odd = await page.PostAsync("/settings/security", "/settings/security/two-factor/confirm", ("secret", "\"><script>"), ("code", "000000"));

        Assert.Equal(HttpStatusCode.BadRequest, odd.Status);
        Assert.Null(odd.Document.QuerySelector("svg.qr"));
    }

    [Fact]
    public async Task A_member_that_has_signed_in_says_when()
    {
        var user = await server.NewUserAsync();
        var email = await Members.AddAsync(server, user.Id, MemberRole.Viewer);
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        Assert.Null((await MemberAsync()).LastSignedInAt);

        await new CallAgentClient(server.CreateClient()).Auth.LoginAsync(new() { Email = email, Password = Members.Password });

        Assert.InRange((await MemberAsync()).LastSignedInAt!.Value, before, TimeProvider.System.GetUtcNow());

        async Task<Client.Member> MemberAsync() => (await user.Api.Members.ListAsync()).Data.Single(m => m.Email == email);
    }

    private async Task<PageAnswer> SendAsync(string path, params (string Name, string Value)[] fields)
    {
        using var http = server.Anonymous();
        return await new PageClient(http, Guid.Empty).PostAsync("/sign-in", path, fields);
    }
}
