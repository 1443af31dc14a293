using static CallAgent.SampleCampaigns;

namespace CallAgent;

internal static class SurveySample
{
    public static readonly Client.CreateCampaign Campaign = new()
    {
        Name = "Customer survey",
        Description = "Five minutes with a customer about how we are doing: what happened last time, a mark out of ten, the reason "
            + "for it, and the one thing to change. Nothing is sold on this call.",
        Stages = ["introduction", "experience", "rating", "improvement", "closing"],
        DataCollectionFields =
            ["consent", "last_purchase", "experience", "rating", "rating_reason", "improvement", "may_quote", "email"],
        ScriptTemplate = new Dictionary<string, Client.StageScript>
        {
            ["introduction"] = Stage("""
                Hello {{ contact.first_name | default: "there" }}, this is {{ agent.name | default: "one of the team" }} calling
                for {{ user.company_name | default: "our customer care team" }}. I'm not selling anything. We are asking some of
                our customers how we are doing, and I'd be glad to hear your opinion.

                It is four short questions and takes about five minutes. Your answers go to the people who can change things, and
                your name is left out unless you tell us otherwise. May I ask you the questions now?
                """, Rules([
                    "yes", "yeah", "okay", "ok", "go ahead", "go on", "of course", "why not", "fine", "all right", "alright",
                    "you may", "if it's quick", "fire away", "happy to"], 1)),

            ["experience"] = Stage("""
                Thank you, that's kind of you. Think back to the last time you dealt with us
                {%- if context.last_contact %}, which I believe was {{ context.last_contact }}{% endif %}. What did you need from
                us, and how did it go?

                Was there a moment that was better than you expected? Or one that made you sigh? Small things count; they are
                often the ones we don't hear about.
                """, Rules([
                    "good", "great", "fine", "well", "excellent", "easy", "quick", "helpful", "friendly", "no problems", "bad", "poor",
                    "slow", "terrible", "difficult", "confusing", "disappointed", "disappointing", "annoying", "had to wait",
                    "nobody answered", "it was", "they were"], 1)),

            ["rating"] = Stage("""
                Thank you for telling me{% if contact.first_name %}, {{ contact.first_name }}{% endif %}. Now a number: from zero
                to ten, how likely are you to recommend {{ user.company_name | default: "us" }} to a friend or a colleague? Zero
                means never, and ten means you already have.

                And what is the main reason for your number? There is no wrong answer, and a low one teaches us more than a high
                one.
                """, Rules([
                    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "0", "1", "2", "3", "4", "5",
                    "6", "7", "8", "9", "10", "because", "the reason", "never", "already have", "definitely", "certainly"], 1)),

            ["improvement"] = Stage("""
                {% if collected.rating %}{{ collected.rating }}, thank you: I've written it down as you said it.{% else %}Thank
                you, I've written it down as you said it.{% endif %} Suppose you were in charge here for one day. What is the one
                thing you would change first?

                And is there something we should leave exactly as it is?
                """, Rules([
                    "change", "improve", "better", "faster", "cheaper", "more", "less", "should", "I would", "I'd", "I wish", "nothing",
                    "keep", "leave it", "don't change", "don't know", "can't think of anything", "no idea"], 1)),

            ["closing"] = Stage("""
                That was the last question. Thank you, {{ contact.first_name | default: "that was very helpful" }}. The team at
                {{ user.company_name | default: "our office" }} reads every answer, and yours will be with them this week.
                If you ever want to ask about this call, mention "{{ campaign.name | default: "the customer survey" }}" to anyone here.

                Two quick things before I let you go. May we quote what you said, without your name? And would you like to hear
                what came of it? {% if contact.email %}Then I'll have the results sent to {{ contact.email }}.{% else %}Then tell
                me which e-mail address the results should go to.{% endif %}

                Thank you again for your time, and have a good day.
                """)
        }
    };
}
