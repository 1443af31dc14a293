using static CallAgent.SampleCampaigns;

namespace CallAgent;

internal static class SalesSample
{
    public static readonly Client.CreateCampaign Campaign = new()
    {
        Name = "First sales call",
        Description = "A first conversation with a business that may need what we sell: learn how they work today, "
            + "show what would change, answer their doubts and agree a next step.",
        Stages = Stages.Default,
        DataCollectionFields =
            ["name", "company", "email", "current_solution", "biggest_challenge", "team_size", "budget", "decision_date"],
        ScriptTemplate = new Dictionary<string, Client.StageScript>
        {
            ["introduction"] = Stage("""
                Hello {{ contact.first_name | default: "there" }}, this is {{ agent.name | default: "one of the team" }} from
                {{ user.company_name | default: "our sales office" }}. I know I'm calling out of the blue, so let me tell you why,
                and then you can decide whether we carry on.

                {% if contact.company %}We work with teams much like yours at {{ contact.company }}{% else %}We work with teams
                much like yours{% endif %}, and what we hear most is that {{ context.reason | default: "too much of the week goes
                into work that nobody would miss" }}. I'd like to find out whether that is true for you as well. It takes about
                five minutes. Is now a reasonable moment, or should I call at a better time?
                """, Rules([
                    "go ahead", "now is fine", "now is good", "that's fine", "yes", "okay", "ok", "tell me", "tell me more",
                    "what is this about", "what's this about", "I have five minutes", "I'm listening"], minTurns: 1)),

            ["needs_assessment"] = Stage("""
                Thank you. Before I say anything about us, I'd like to understand how things work
                {% if contact.company %}at {{ contact.company }}{% else %}on your side{% endif %}. How do you handle this today,
                and who is involved?

                What takes the most time, or goes wrong most often? And when it does, what does it cost you: an afternoon, an
                order, a customer?

                If you could change one thing about it this quarter, what would it be? And apart from you, who would have a say in
                changing it?
                """, Rules([
                    "takes too long", "too slow", "too expensive", "by hand", "manually", "spreadsheet", "spreadsheets", "problem",
                    "issue", "struggle", "struggling", "frustrating", "we need", "we want", "we're looking for", "looking for",
                    "would help", "wish we could", "how does it work", "what do you offer"], minTurns: 2)),

            ["solution_presentation"] = Stage("""
                That helps, thank you. Let me play it back so that I don't get it wrong: what matters most to you is
                {{ collected.biggest_challenge | default: "getting that time back without making anything harder for your team" }}.
                Have I understood that?

                Here is what would change. {{ context.offer | default: "Your team keeps working the way it does now, but the
                routine part is done for them, and everyone sees the same up-to-date picture." }} Most customers are up and
                running within two weeks, and you would have one person here who knows your account by name.

                {% if collected.current_solution %}You told me that you use {{ collected.current_solution }} today. You don't have
                to give that up on day one: many of our customers run both for a month and compare.{% else %}You don't have to change
                everything on day one, either: most customers start with one team and compare.{% endif %} What would you want to
                see before you believed it?
                """, Rules([
                    "how much", "price", "pricing", "cost", "costs", "expensive", "budget", "but", "not sure", "concerned", "worried",
                    "contract", "competitor", "already have", "already use", "think about it", "sounds good", "sounds interesting",
                    "interesting", "makes sense", "show me", "demo"], minTurns: 1)),

            ["objection_handling"] = Stage("""
                Thank you for being open with me{% if contact.first_name %}, {{ contact.first_name }}{% endif %}. Before we go
                on: what would hold you back? Is it the money, the timing, or whether it would really work for you?

                If it is the money: {% if collected.budget %}you mentioned {{ collected.budget }}, and we can start with the part
                that pays for itself within that{% else %}we can start with the one part that pays for itself first, and you
                decide on the rest when you have seen the numbers{% endif %}. If it is the timing: you choose the start date, and
                most of the setting up is our job, not yours. And if it is whether it works: I'd rather you spoke with a customer
                of ours than took my word for it.

                Does that answer it, or is there something else that would stop you?
                """, Rules([
                    "makes sense", "fair enough", "that answers it", "that helps", "sounds good", "sounds fair", "sounds reasonable",
                    "good point", "okay", "ok", "all right", "alright", "let's do it", "let's try it", "next step", "next steps",
                    "send me", "when can we", "I'm in", "no other questions", "nothing else"], sentiment: 0.4, minTurns: 1)),

            ["closing"] = Stage("""
                Then let's make it easy to decide. I suggest half an hour with you and whoever else should see it
                {%- if collected.decision_date %}, well before {{ collected.decision_date }}{% endif %}. I'll bring an example made
                with your own figures, and at the end you tell me yes, no or not now. Would Tuesday morning or Thursday afternoon
                suit you better?

                {% if contact.email %}I'll send the invitation to {{ contact.email }}. Is that still the right address?
                {%- else %}Which e-mail address should the invitation go to?{% endif %}

                Thank you for your time today{% if contact.first_name %}, {{ contact.first_name }}{% endif %}. If anything comes up
                before then, ask for {{ agent.name | default: "our team" }} at
                {{ user.company_name | default: "this number" }}
                {%- if campaign.name %} and mention "{{ campaign.name }}"{% endif %}, and you won't have to start from scratch.
                """)
        }
    };
}
