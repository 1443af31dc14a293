using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ProfileTests(TestServer server)
{
    [Fact]
    public async Task A_fresh_profile_says_who_registered()
    {
        var user = await server.NewUserAsync();

        var profile = await user.Api.Auth.GetProfileAsync();

        Assert.Equal((user.Id, user.Registration.Email, "Ada Lovelace"), (profile.Id, profile.Email, profile.FullName));
        Assert.Equal((Plan.Free, UserStatus.Active, MemberRole.Owner), (profile.Plan, profile.Status, profile.Role));
        Assert.Equal(("US", "UTC"), (profile.Settings.DefaultRegion, profile.Settings.TimeZone));
        Assert.Null(profile.PhoneNumber);
    }

    [Fact]
    public async Task What_a_patch_leaves_out_stays_and_null_clears()
    {
        var user = await server.NewUserAsync();
        await user.Api.Auth.UpdateProfileAsync(new() { PhoneNumber = "(415) 555-0100", CompanyName = "Analytical Engines" });

        var changed = await user.Api.Auth.UpdateProfileAsync(new() { FirstName = null, LastName = "King" });

        Assert.Null(changed.FirstName);
        Assert.Equal(("King", "King", "Analytical Engines", "+14155550100"), (changed.LastName, changed.FullName, changed.CompanyName, changed.PhoneNumber));
        Assert.Equal(changed, await user.Api.Auth.GetProfileAsync());
        Assert.Null((await user.Api.Auth.UpdateProfileAsync(new() { PhoneNumber = null })).PhoneNumber);

        await user.Api.Auth.UpdateProfileAsync(new() { Settings = new UpdateSettings { DefaultRegion = "de", TimeZone = "Europe/Berlin" } });
        var settings = (await user.Api.Auth.UpdateProfileAsync(new() { Settings = new UpdateSettings { DefaultRegion = null } })).Settings;
        Assert.Equal(("US", "Europe/Berlin"), (settings.DefaultRegion, settings.TimeZone));
        Assert.Equal("UTC", (await user.Api.Auth.UpdateProfileAsync(new() { Settings = new UpdateSettings { TimeZone = null } })).Settings.TimeZone);
    }

    [Fact]
    public async Task Without_names_the_full_name_is_the_email()
    {
        var user = await server.NewUserAsync();

        var profile = await user.Api.Auth.UpdateProfileAsync(new() { FirstName = null, LastName = "  " });

        Assert.Equal(user.Registration.Email, profile.FullName);
    }

    [Fact]
    public async Task Each_setting_can_be_changed_alone()
    {
        var user = await server.NewUserAsync();
        await user.Api.Auth.UpdateProfileAsync(new() { Settings = new UpdateSettings { DefaultRegion = "de" } });

        var profile = await user.Api.Auth.UpdateProfileAsync(new() { Settings = new UpdateSettings { TimeZone = "Pacific/Auckland" } });

        Assert.Equal(("DE", "Pacific/Auckland"), (profile.Settings.DefaultRegion, profile.Settings.TimeZone));
    }

    [Theory]
    [InlineData("XX", null, "settings.default_region")]
    [InlineData("Germany", null, "settings.default_region")]
    [InlineData(null, "Mars/Olympus", "settings.time_zone")]
    [InlineData(null, "Eastern Standard Time", "settings.time_zone")]
    [InlineData(null, "../../etc/passwd", "settings.time_zone")]
    public async Task Settings_that_do_not_exist_are_refused(string? region, string? zone, string field)
    {
        var user = await server.NewUserAsync();

        await InvalidAsync(field, () => user.Api.Auth.UpdateProfileAsync(new() { Settings = new UpdateSettings { DefaultRegion = region, TimeZone = zone } }));

        Assert.Equal(("US", "UTC"), ((await user.Api.Auth.GetProfileAsync()).Settings.DefaultRegion, (await user.Api.Auth.GetProfileAsync()).Settings.TimeZone));
    }

    [Fact]
    public async Task The_plan_the_role_and_the_email_are_not_the_users_to_change()
    {
        var user = await server.NewUserAsync();
        foreach (var member in new[] { "plan", "role", "status", "email", "id", "password_hash" })
        {
            var answer = await user.SendAsync("PATCH", "/api/auth/profile", $$"""{"{{member}}":"enterprise"}""");

            Assert.Equal(member, Assert.Single((await answer.ProblemAsync(400)).Errors!).Key);
        }
    }

    [Fact]
    public async Task A_changed_name_is_the_actor_of_the_next_change()
    {
        var user = await server.NewUserAsync();
        await user.Api.Auth.UpdateProfileAsync(new() { FirstName = "Augusta" });

        var contact = await user.NewContactAsync();

        Assert.Equal("Augusta Lovelace", (await user.Api.Contacts.GetTimelineAsync(contact.Id)).Data.Single().Actor);
    }
}
