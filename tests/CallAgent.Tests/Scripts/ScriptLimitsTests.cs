using System.Text.Json;
using CsCheck;

namespace CallAgent.Tests;

public class ScriptLimitsTests
{
    private static readonly Dictionary<string, object?> Model = new()
    {
        ["contact"] = new Dictionary<string, object?>
        {
            ["first_name"] = "Grace",
            ["tags"] = new List<string> { "new", "vip" }
        }
    };

    [Theory]
    [InlineData("{% for i in (1..100000000) %}x{% endfor %}", "20000 steps")]
    [InlineData("{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}{% endfor %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{{ (1..100000000) | size }}", "20000 steps")]
    [InlineData("{{ contact[(1..100000000)] }}", "20000 steps")]
    [InlineData("{% assign n = 100000000 %}{% for i in (1..n) %}x{% endfor %}", "20000 steps")]
    [InlineData("{% for i in (1..9000) %}{{ 'abcdefghij' }}{% endfor %}", "64 KiB")]
    [InlineData("{% capture x %}{% for i in (1..9000) %}abcdefghij{% endfor %}{% endcapture %}", "64 KiB")]
    [InlineData("{{ contact.first_name | date: '%99999999n' }}{{ 'now' | date: '%99999999n' }}", "a value in it grew over")]
    public void A_template_that_runs_away_is_stopped(string template, string limit)
    {
        var rendered = Render(template);
        Assert.Contains("The script was stopped", rendered.Problem, StringComparison.Ordinal);
        Assert.True(rendered.Problem!.Contains(limit, StringComparison.Ordinal) || rendered.Problem.Contains("100 ms", StringComparison.Ordinal), rendered.Problem);
        Assert.True(rendered.Text.Length <= 64 * 1024);
    }

    [Theory]
    [InlineData("{% if 'a' == 'b' %}{% endif %}")]
    [InlineData("{% if a %}{% endif %}")]
    [InlineData("{% case 'a' %}{% when 'b' %}{% endcase %}")]
    public void Conditions_are_counted_even_when_nothing_comes_of_them(string condition)
    {
        var template = $"{{% for i in (1..9000) %}}{string.Concat(Enumerable.Repeat(condition, 400))}{{% endfor %}}";
        Assert.Matches("more than 200000 values|100 ms|20000 steps", Render(template).Problem);
    }

    [Theory]
    [InlineData("{% assign a = a | append: a %}")]
    [InlineData("{% capture a %}{{ a }}{{ a }}{% endcapture %}")]
    [InlineData("{% assign a = a | replace: 'x', 'xx' %}")]
    [InlineData("{% assign l = a | split: '' | concat: l %}{% assign a = l | join: a %}")]
    [InlineData("{% assign a = a | prepend: a | split: 'y' | concat: a %}")]
    public void A_value_that_doubles_is_stopped(string doubling)
    {
        var template = "{% assign a = 'xxxxxxxx' %}" + string.Concat(Enumerable.Repeat(doubling, 60));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("The script was stopped", Render(template).Problem, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000_000);
    }

    [Fact]
    public void Slow_work_within_the_steps_is_stopped_by_work_or_time()
    {
        var big = new string('a', 30_000);
        var template = "{% for i in (1..9000) %}{% if context.big contains context.small %}{% endif %}{% endfor %}";
        var model = new Dictionary<string, object?> { ["context"] = new Dictionary<string, object?> { ["big"] = big + big, ["small"] = big + "b" + big } };
        var started = System.Diagnostics.Stopwatch.StartNew();
        Assert.Matches("characters|100 ms", ScriptTemplates.Render(template, model, DateTimeOffset.UnixEpoch).Problem);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(5), $"{started.Elapsed}");
    }

    [Theory]
    [InlineData("{% if a %}", "")]
    [InlineData("{% for i in (1..2) %}", "{% endfor %}")]
    [InlineData("{{ a[", "")]
    [InlineData("a[", "]")]
    [InlineData("{{ (", "")]
    [InlineData("(a[", "])")]
    [InlineData("(", ")")]
    public void Deep_nesting_is_refused(string open, string close)
    {
        var count = 19_000 / (open.Length + close.Length);
        var nested = string.Concat(Enumerable.Repeat(open, count)) + "a" + string.Concat(Enumerable.Repeat(close, count));
        Assert.NotNull(ScriptTemplates.Error(nested.Contains('{') ? nested : $"{{{{ {nested} }}}}"));
    }

    [Theory]
    [InlineData("| upcase ")]
    [InlineData("and a ")]
    [InlineData("or a contains a ")]
    public void A_long_chain_is_refused(string link) =>
        Assert.Contains("in one place",
            ScriptTemplates.Error($"{{{{ a {string.Concat(Enumerable.Repeat(link, 1_000))} }}}}"), StringComparison.Ordinal);

    [Fact]
    public void A_name_without_end_is_refused() =>
        Assert.Contains("50 parts", ScriptTemplates.Error($"{{{{ a{string.Concat(Enumerable.Repeat(".a", 9_000))} }}}}"), StringComparison.Ordinal);

    [Fact]
    public void Nesting_and_chains_within_reason_are_fine()
    {
        var nested = string.Concat(Enumerable.Repeat("{% if contact %}", 20)) + "x" + string.Concat(Enumerable.Repeat("{% endif %}", 20));
        Assert.Equal("x", Render(nested).Text);
        Assert.Equal("y", Render($"{{{{ 'y' {string.Concat(Enumerable.Repeat("| strip ", 30))} }}}}").Text);
    }

    [Fact]
    public void Deep_nesting_fits_on_a_small_stack()
    {
        var nested = string.Concat(Enumerable.Repeat("{% for i in (1..1) %}{% if contact %}", 24)) + "x"
            + string.Concat(Enumerable.Repeat("{% endif %}{% endfor %}", 24));
        RenderedText? rendered = null;
        var thread = new Thread(() => rendered = Render(nested), 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal("x", rendered?.Text);
    }

    [Fact]
    public void No_member_of_a_clr_object_is_reachable()
    {
        var model = new Dictionary<string, object?>
        {
            ["thing"] = new Uri("https://example.com/secret"),
            ["type"] = typeof(string),
            ["person"] = new { Password = "secret" },
            ["contact"] = new Dictionary<string, object?> { ["name"] = "Grace", ["thing"] = new { Secret = "secret" } }
        };
        var rendered = ScriptTemplates.Render(
            "{{ thing }}{{ thing.Host }}{{ type.Assembly }}{{ type.FullName }}{{ person.Password }}{{ contact.thing.Secret }}"
            + "{{ contact.name.Length }}{{ contact.GetType }}{{ contact.Keys }}{{ contact.Comparer }}{{ contact.Values }}", model, DateTimeOffset.UnixEpoch);
        Assert.Equal("", rendered.Text);
        Assert.Null(rendered.Problem);
    }

    [Fact]
    public void Json_nested_without_end_reads_as_nothing_from_some_depth_on()
    {
        var json = JsonSerializer.Deserialize<JsonElement>(string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60));
        var model = new Dictionary<string, object?> { ["context"] = json };
        Assert.Equal("", ScriptTemplates.Render($"{{{{ context{string.Concat(Enumerable.Repeat(".a", 40))} }}}}", model, DateTimeOffset.UnixEpoch).Text);
    }

    [Theory]
    [InlineData("{{ 1 | divided_by: 0 }}")]
    [InlineData("{{ 79228162514264337593543950335 | times: 10 }}")]
    [InlineData("{{ 'x' | slice: 'y' }}")]
    [InlineData("{{ 'x' | replace: '', 'y' }}")]
    public void Odd_input_to_a_filter_is_a_problem_and_no_exception(string template) =>
        Assert.StartsWith("The script could not be filled in", Render(template).Problem, StringComparison.Ordinal);

    [Fact]
    public void Random_templates_never_throw()
    {
        var part = Gen.OneOf(
            Gen.String,
            Gen.OneOfConst("{{", "}}", "{%", "%}", "{%-", "-}}", " if ", " endif ", " for i in (1..3) ", " endfor ", " assign x = ", "contact",
                ".", "first_name", "[", "]", "(", "..", ")", "|", " default: ", " append: ", "'", "\"", " contains ", " == ", " and ", " case ",
                " when ", " capture y ", " endcapture ", " raw ", " comment ", "1", "-", ",", " nil ", " else ", " elsif ", "#", "{% if contact %}",
                "{{ contact.first_name | date: '%Y' }}", "{% for i in contact.tags %}", "{% endfor %}", "{% endif %}", " | split: '' | sort | uniq "));
        part.Array[0, 25].Sample(parts =>
        {
            var template = string.Concat(parts);
            _ = ScriptTemplates.Error(template);
            _ = ScriptTemplates.Variables(template);
            _ = Render(template);
        });
    }

    private static RenderedText Render(string template) => ScriptTemplates.Render(template, Model, DateTimeOffset.UnixEpoch);
}
