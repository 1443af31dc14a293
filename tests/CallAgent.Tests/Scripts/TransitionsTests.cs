using CsCheck;

namespace CallAgent.Tests;

public class TransitionsTests
{
    [Theory]
    [InlineData("Tell me more about it", "tell me")]
    [InlineData("So TELL\u00A0 \n me.", "tell me")]
    [InlineData("no", "no")]
    [InlineData("follow up, please", "follow-up")]
    [InlineData("a follow-up, please", "follow up")]
    [InlineData("no - thanks", "no")]
    [InlineData("Well, No!", "no")]
    [InlineData("ΚΑΛΌΣ", "καλός")]
    [InlineData("Das wäre groß", "GROß")]
    [InlineData("cafe\u0301 bitte", "caf\u00e9")]
    [InlineData("don’t call", "don't call")]
    [InlineData("我想要更多信息", "更多")]
    [InlineData("only 50% off?", "50%")]
    [InlineData("that's 👍 for me", "👍")]
    public void A_keyword_matches_whole_words_whatever_the_case(string text, string keyword) =>
        Assert.Equal($"keyword \"{keyword}\"", Transitions.Reason(Keywords(keyword), text, null, 1));

    [Theory]
    [InlineData("I know", "no")]
    [InlineData("nobody", "no")]
    [InlineData("no-one", "no")]
    [InlineData("a has-no", "no")]
    [InlineData("tell me", "tellme")]
    [InlineData("tellme", "tell me")]
    [InlineData("I can't", "can")]
    [InlineData("noël", "no")]
    [InlineData("no\u0301 way", "no")]
    [InlineData("anything", "")]
    [InlineData("any thing", "  ")]
    public void A_keyword_inside_a_word_does_not_match(string text, string keyword) =>
        Assert.Null(Transitions.Reason(Keywords(keyword), text, null, 1));

    [Fact]
    public void A_later_whole_word_is_found_after_one_inside_a_word() =>
        Assert.Equal("keyword \"no\"", Transitions.Reason(Keywords("no"), "I know, but no", null, 1));

    [Fact]
    public void The_first_keyword_of_the_rules_gives_the_reason() =>
        Assert.Equal("keyword \"price\"", Transitions.Reason(Keywords("cost", "price", "yes"), "yes, the price", null, 1));

    [Theory]
    [InlineData(0.4, 0.3, "sentiment 0.4 ≥ 0.3")]
    [InlineData(0.3, 0.3, "sentiment 0.3 ≥ 0.3")]
    [InlineData(-0.25, -0.5, "sentiment -0.25 ≥ -0.5")]
    [InlineData(0.2, 0.3, null)]
    [InlineData(double.NaN, 0.3, null)]
    public void Sentiment_is_enough_from_the_threshold_on(double sentiment, double threshold, string? reason) =>
        Assert.Equal(reason, Transitions.Reason(new() { SentimentThreshold = threshold }, "hm", sentiment, 1));

    [Fact]
    public void A_turn_without_sentiment_does_not_reach_the_threshold() =>
        Assert.Null(Transitions.Reason(new() { SentimentThreshold = -1 }, "hm", null, 9));

    [Fact]
    public void No_rule_applies_before_the_least_number_of_turns()
    {
        var rules = new Client.TransitionRules { Keywords = ["yes"], SentimentThreshold = 0, MinTurns = 3 };
        Assert.Null(Transitions.Reason(rules, "yes", 1, 2));
        Assert.Equal("keyword \"yes\"", Transitions.Reason(rules, "yes", 1, 3));
        Assert.Equal("sentiment 1 ≥ 0", Transitions.Reason(rules, "hm", 1, 3));
        Assert.Null(Transitions.Reason(rules, "hm", -1, 30));
    }

    [Fact]
    public void The_least_number_of_turns_alone_is_itself_the_rule()
    {
        var rules = new Client.TransitionRules { MinTurns = 3 };
        Assert.Null(Transitions.Reason(rules, "hm", null, 2));
        Assert.Equal("min_turns 3", Transitions.Reason(rules, "hm", null, 3));
    }

    [Fact]
    public void Without_rules_the_stage_stays()
    {
        Assert.Null(Transitions.Reason(null, "yes", 1, 100));
        Assert.Null(Transitions.Reason(new(), "yes", 1, 100));
        Assert.Null(Transitions.Reason(new() { MinTurns = 0 }, "yes", 1, 100));
    }

    [Fact]
    public void Random_text_never_throws() =>
        Gen.Select(Gen.String, Gen.String.Array[0, 5]).Sample((text, keywords) =>
        {
            Transitions.Reason(Keywords(keywords), text, 0, 1);
        });

    [Fact]
    public void A_keyword_said_by_itself_is_always_found() =>
        Gen.String[Gen.Char.AlphaNumeric, 1, 30].Sample(word =>
            Transitions.Reason(Keywords(word), $"well, {word.ToUpperInvariant()}!", null, 1) == $"keyword \"{word}\"");

    [Theory]
    [InlineData("a ", "a a a a a a a a a a a a a a a a a a a a b")]
    [InlineData("aaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")]
    [InlineData(" \t", "x  y")]
    public void Hostile_text_takes_no_longer_than_its_length_explains(string part, string keyword)
    {
        var rules = Keywords([.. Enumerable.Range(0, 100).Select(i => keyword + i)]);
        var started = System.Diagnostics.Stopwatch.StartNew();
        Assert.Null(Transitions.Reason(rules, string.Concat(Enumerable.Repeat(part, 10_000 / part.Length)), null, 1));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(5), $"{started.Elapsed}");
    }

    private static Client.TransitionRules Keywords(params string[] keywords) => new() { Keywords = keywords };
}
