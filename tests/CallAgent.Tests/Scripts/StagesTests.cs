namespace CallAgent.Tests;

public class StagesTests
{
    [Fact]
    public void The_default_is_the_first_five_of_the_six_known_stages()
    {
        Assert.Equal(
            ["introduction", "needs_assessment", "solution_presentation", "objection_handling", "closing", "follow_up"], Stages.Known);
        Assert.Equal(Stages.Known.Take(5), Stages.Default);
    }

    [Theory]
    [InlineData("introduction", true)]
    [InlineData("step-2_b", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("2nd", false)]
    [InlineData("_x", false)]
    [InlineData("Intro", false)]
    [InlineData("intro duction", false)]
    [InlineData("intró", false)]
    [InlineData("intro\n", false)]
    public void A_slug_is_lower_case_ascii_that_begins_with_a_letter(string slug, bool isSlug) => Assert.Equal(isSlug, Stages.IsSlug(slug));

    [Fact]
    public void A_slug_has_at_most_64_characters()
    {
        Assert.True(Stages.IsSlug(new string('a', 64)));
        Assert.False(Stages.IsSlug(new string('a', 65)));
    }

    [Theory]
    [InlineData("needs_assessment", "Needs assessment")]
    [InlineData("follow_up", "Follow-up")]
    [InlineData("price_talk-2", "Price talk 2")]
    public void A_stage_has_a_readable_label(string slug, string label) => Assert.Equal(label, Stages.Label(slug));

    [Fact]
    public void The_next_stage_follows_the_campaigns_own_order()
    {
        string[] stages = ["closing", "introduction", "extra"];
        Assert.Equal("introduction", Stages.Next(stages, "closing"));
        Assert.Equal("extra", Stages.Next(stages, "introduction"));
        Assert.Null(Stages.Next(stages, "extra"));
        Assert.Null(Stages.Next(stages, "unknown"));
    }
}
