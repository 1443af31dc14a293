using System.Text.Json;

namespace CallAgent.Tests;

public class ScriptTemplatesTests
{
    private static readonly Dictionary<string, object?> Model = new()
    {
        ["contact"] = new Dictionary<string, object?>
        {
            ["first_name"] = "Grace",
            ["last_name"] = null,
            ["company"] = "",
            ["time_zone"] = "Europe/Zurich",
            ["called_at"] = new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero),
            ["tags"] = new List<string> { "new", "vip" },
            ["vip"] = true,
            ["age"] = 42
        },
        ["context"] = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
            """{"price": 12.50, "big": 1e400, "plan": {"name": "Gold"}, "items": ["a", "b"], "none": null, "odd key": "yes", "at": "2026-07-01T22:30:00Z"}""")
    };

    [Theory]
    [InlineData("Hello {{ contact.first_name }}!", "Hello Grace!")]
    [InlineData("{{ contact.first_name | upcase }}, {{ contact.age | plus: 1 }}", "GRACE, 43")]
    [InlineData("{{ context.price }} {{ context.plan.name }} {{ context.items | join: '+' }}", "12.5 Gold a+b")]
    [InlineData("{{ context['odd key'] }} {{ context.items[1] }} {{ context.items.size }}", "yes b 2")]
    [InlineData("{% for t in contact.tags %}{{ t }}{% unless forloop.last %}, {% endunless %}{% endfor %}", "new, vip")]
    [InlineData("{% for i in (1..3) reversed %}{{ i }}{% endfor %}", "321")]
    [InlineData("{% if contact.company %}at {{ contact.company }}{% else %}on your side{% endif %}", "on your side")]
    [InlineData("{% case contact.age %}{% when 42 %}yes{% else %}no{% endcase %}", "yes")]
    [InlineData("{% capture x %}{{ contact.first_name }}{% endcapture %}{{ x | append: '!' }}", "Grace!")]
    [InlineData("{{ contact.called_at | date: '%H:%M' }}", "12:00")]
    [InlineData("{{ 'now' | date: '%Y-%m-%d %H:%M' }}", "2026-01-02 04:04")]
    [InlineData("{{ context.at | date: '%Y-%m-%d %H:%M' }}, {{ '2026-07-01T03:30:00+05:30' | date: '%d %H:%M' }}", "2026-07-02 00:30, 01 00:00")]
    [InlineData("{{ '2026-07-01T22:30:00' | date: '%H:%M' }}, {{ '2026-07-01' | date: '%d %B' }}", "22:30, 01 July")]
    [InlineData("{{ 'next week' | date: '%d %B' }}", "next week")]
    [InlineData("<b>{{ '<i> & \"' }}</b>", "<b><i> & \"</b>")]
    [InlineData("{{ contact.first_name | replace: 'a', 'A' }}{% comment %}no{% endcomment %}{% raw %}{{ x }}{% endraw %}", "GrAce{{ x }}")]
    [InlineData("{% if contact.tags contains 'vip' and contact.vip == true %}V{% endif %}", "V")]
    [InlineData("lone \uD800 and ‮ and e\u0301", "lone \uD800 and ‮ and e\u0301")]
    [InlineData("", "")]
    public void A_template_is_filled_in_as_plain_text(string template, string expected)
    {
        var rendered = Render(template);
        Assert.Null(rendered.Problem);
        Assert.Equal(expected, rendered.Text);
    }

    [Theory]
    [InlineData("Hi {{ contact.first_name }}", "")]
    [InlineData("Hi {{ contact.last_name }} {{ contact.nick }} {{ nobody }} {{ contact.last_name }}", "contact.last_name contact.nick nobody")]
    [InlineData("{{ contact.company }} {{ context.none }}", "contact.company context.none")]
    [InlineData("{{ contact.last_name | default: 'there' }}", "")]
    [InlineData("{{ contact.last_name | upcase | default: 'there' | capitalize }}", "")]
    [InlineData("{{ contact.last_name | default: contact.first_name }}", "")]
    [InlineData("{{ contact.last_name | default: contact.company }}", "contact.last_name")]
    [InlineData("{{ contact.last_name | default: '' }}", "contact.last_name")]
    [InlineData("{{ contact.last_name | append: '!' }}", "contact.last_name")]
    [InlineData("{{ 'Dear ' | append: contact.last_name }}", "contact.last_name")]
    [InlineData("{% if contact.company %}{{ contact.company }}{% endif %}", "")]
    [InlineData("{% unless contact.company %}no company{% endunless %}", "")]
    [InlineData("{% assign x = contact.last_name %}{{ x }}", "contact.last_name")]
    [InlineData("{% assign x = contact.first_name | append: contact.last_name %}{{ x }}", "contact.last_name")]
    [InlineData("{% assign x = contact.last_name | default: 'you' %}{{ x }}", "")]
    [InlineData("{% assign x = contact.last_name %}", "")]
    [InlineData("{% capture x %}{{ contact.last_name }}{% endcapture %}{{ x }}", "contact.last_name")]
    [InlineData("{% capture x %}{% if contact.company %}here{% endif %}{% endcapture %}{{ x }}", "")]
    [InlineData("{{ context['no such'] }} {{ context.items[7] }}", "context.no such context.items[7]")]
    [InlineData("{{ contact }}", "contact")]
    [InlineData("{{ contact.age | minus: 42 }} {{ contact.vip }}", "")]
    public void A_variable_that_left_a_hole_is_missing(string template, string missing) =>
        Assert.Equal(missing, string.Join(' ', Render(template).Missing));

    [Theory]
    [InlineData("{{ contact.first_name | default: contact.nick }} {{ contact.first_name }} {{ agent.name }}",
        "contact.first_name contact.nick agent.name")]
    [InlineData("{% if contact.company == context.company %}{{ user.company_name }}{% elsif call %}{% endif %}",
        "contact.company context.company user.company_name call")]
    [InlineData("{% assign x = contact.age %}{% for t in contact.tags %}{{ t.name }}{{ x }}{{ forloop.index }}{% endfor %}",
        "contact.age contact.tags")]
    [InlineData("{% capture c %}{{ a }}{% endcapture %}{{ c }}{{ context['odd key'] }}{{ list[0].b }}{{ list[i].b }}",
        "a context.odd key list[0].b i list")]
    [InlineData("{% case a.b %}{% when c %}{{ d }}{% else %}{{ e }}{% endcase %}{% unless f %}{% endunless %}", "a.b c d e f")]
    [InlineData("no variables", "")]
    [InlineData("{{ broken", "")]
    public void The_variables_of_a_template_are_those_a_caller_supplies(string template, string variables) =>
        Assert.Equal(variables, string.Join(' ', ScriptTemplates.Variables(template)));

    [Theory]
    [InlineData("{{ contact.first_name", "(line 1, column ")]
    [InlineData("Hello\n{{ }}", "A value was expected (line 2, column ")]
    [InlineData("{% if a %}x", "endif")]
    [InlineData("{% endif %}", "Unknown tag 'endif'")]
    [InlineData("{% include 'x' %}", "Unknown tag 'include'")]
    [InlineData("{% render 'x' %}", "Unknown tag 'render'")]
    [InlineData("{% liquid assign x = 1 %}", "Unknown tag 'liquid'")]
    [InlineData("{{ a | upcas }}", "There is no filter 'upcas'")]
    [InlineData("{{ a | json }}", "There is no filter 'json'")]
    [InlineData("{{ a.b() }}", "not allowed")]
    public void What_is_wrong_with_a_template_is_said(string template, string error)
    {
        Assert.Contains(error, ScriptTemplates.Error(template), StringComparison.Ordinal);
        Assert.Equal(new("", [], [], ScriptTemplates.Error(template)), Render(template) with { Missing = [], Gaps = [] });
    }

    [Fact]
    public void A_good_template_has_no_error() => Assert.Null(ScriptTemplates.Error("Hello {{ contact.first_name | default: 'you' }}"));

    [Fact]
    public void The_cache_does_not_grow_with_the_number_of_templates()
    {
        var cache = new ScriptCache();
        for (var i = 0; i < 3_000; i++)
        {
            Assert.Equal([$"v{i}"], cache.Get($"{{{{ v{i} }}}}").Variables);
        }

        Assert.InRange(cache.Count, 500, 1_000);
        for (var i = 0; i < 300; i++)
        {
            cache.Get(i + new string('x', 19_000));
        }

        Assert.InRange(cache.Count, 1, 200);
        Assert.Same(cache.Get("{{ same }}"), cache.Get("{{ same }}"));
    }

    [Fact]
    public void A_template_that_is_too_long_is_refused() =>
        Assert.Contains("20000 characters", ScriptTemplates.Error(new string('x', 20_001)), StringComparison.Ordinal);

    [Fact]
    public void One_template_is_rendered_by_many_at_once() =>
        Parallel.For(0, 1_000, i => Assert.Equal($"n{i} none",
            ScriptTemplates.Render("{{ name }} {{ other | default: 'none' }}", new Dictionary<string, object?> { ["name"] = $"n{i}" }, DateTimeOffset.UnixEpoch).Text));

    private static RenderedText Render(string template) =>
        ScriptTemplates.Render(template, Model, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
}
