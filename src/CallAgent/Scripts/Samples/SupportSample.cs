using static CallAgent.SampleCampaigns;

namespace CallAgent;

internal static class SupportSample
{
    public static readonly Client.CreateCampaign Campaign = new()
    {
        Name = "Support call-back",
        Description = "Calling back a customer who reported a problem: find out exactly what happens, try the fix together, "
            + "pass it on when the fix does not hold, and leave them knowing what comes next.",
        Stages = Stages.Known,
        DataCollectionFields =
            ["name", "email", "product", "problem", "started_on", "people_affected", "steps_tried", "solved", "best_time_to_call"],
        ScriptTemplate = new Dictionary<string, Client.StageScript>
        {
            ["introduction"] = Stage("""
                Hello {{ contact.first_name | default: "there" }}, this is {{ agent.name | default: "one of the team" }} from
                {{ user.company_name | default: "customer support" }}. You got in touch with us
                {%- if context.ticket %} under reference {{ context.ticket }}{% endif %} about
                {{ context.problem | default: "something that isn't working as it should" }}, and I'm calling to put it right.

                I'm sorry for the trouble. Are you near the device or the screen it happens on, so that we can look at it together?
                If this is a bad moment, tell me when suits you and I'll call back then.
                """, Rules([
                    "yes", "yeah", "okay", "ok", "go ahead", "now is fine", "now is good", "I'm ready", "I'm in front of it",
                    "it still", "still happening", "still not working", "doesn't work", "not working", "thanks for calling"], 1)),

            ["needs_assessment"] = Stage("""
                Thank you. Please tell me in your own words what happens, and what you expected to happen instead. If there is a
                message on the screen, could you read it to me exactly as it stands?

                When did you first notice it
                {%- if collected.product %}, and was anything changed on {{ collected.product }} shortly before{% else %}, and was
                anything changed or updated shortly before{% endif %}? Does it happen every time, or only now and then? And is it
                only you, or do your colleagues see it too?

                What have you tried so far? I ask so that I don't send you through the same steps twice.
                """, Rules([
                    "error", "error message", "it says", "crashes", "freezes", "blank screen", "every time", "sometimes",
                    "since yesterday", "since this morning", "since last week", "since the update", "after the update", "I tried",
                    "we tried", "restarted", "only me", "everyone", "all of us", "nothing works"], 2)),

            ["solution_presentation"] = Stage("""
                Thank you, that is clear. So that we both have the same picture:
                {{ collected.problem | default: "it stopped working the way it used to, and it is holding you up" }}
                {%- if collected.started_on %}, since {{ collected.started_on }}{% endif %}. Is that right?

                I think I know where this comes from, and I'd like to try the likeliest fix with you now.
                {{ context.fix | default: "First, please save what you are working on and close it completely. Then open it again
                and sign in afresh. When you are back at the same place, do exactly what you did when it failed." }} Take your
                time; I'll stay on the line.

                What do you see now?
                """, Rules([
                    "it works", "works now", "working now", "that worked", "that fixed it", "it's fixed", "solved", "it's back",
                    "still the same", "same error", "same message", "same thing", "didn't work", "doesn't work", "still not working",
                    "no difference", "no change", "different message"], 1)),

            ["objection_handling"] = Stage("""
                Thank you for trying that with me. If it works now, let's do it once more together, so that we can both be sure.

                If it doesn't, I won't keep you going round in circles. I'll hand everything you told me to the specialist who
                looks after this, word for word, so that you never have to explain it again.
                {% if collected.people_affected %}As {{ collected.people_affected }} of you are affected, I'll mark it as urgent.
                {%- else %}If it is stopping your work altogether, say so, and I'll mark it as urgent.{% endif %} Until then there
                is a way round it: {{ context.workaround | default: "carry on in the browser instead of the app; your data is the
                same in both, and nothing will be lost" }}.

                Can you work with that for the time being?
                """, Rules([
                    "yes", "that's fine", "fine", "okay", "ok", "all right", "alright", "I can work with that", "that works",
                    "good enough", "thank you", "thanks", "it works", "works now", "solved", "I'll wait", "sounds good"], 1, 0.3)),

            ["closing"] = Stage("""
                Good. Here is where we stand. {% if collected.solved %}The problem is solved, and I'll leave your case open for a
                week in case it comes back.{% else %}Your case stays open until you tell us that it is solved.{% endif %}
                I'll write down what we did today
                {%- if contact.email %} and send it to {{ contact.email }}. Is that still the right address?{% else %} and send
                it to you. Which e-mail address may I use?{% endif %}

                If it happens again, reply to that message or call us
                {%- if context.ticket %} and mention {{ context.ticket }}{% endif %}, and whoever answers will see the whole
                story. Is there anything else I can do for you today?
                """, Rules([
                    "no", "nope", "nothing else", "that's all", "that's it", "that is all", "all good", "I'm good", "no thanks",
                    "no thank you", "thank you", "thanks", "yes please", "call me back"], 1)),

            ["follow_up"] = Stage("""
                Then one last thing, {{ contact.first_name | default: "if I may" }}: I'd like to call once more in two days to
                hear whether it has held.
                {% if collected.best_time_to_call %}You said that {{ collected.best_time_to_call }} suits you best, so I'll call
                then.{% else %}What time of day suits you best?{% endif %} If everything works by then, it will take one minute.

                Thank you for your patience, and for helping us find this. Goodbye from
                {{ user.company_name | default: "all of us here" }}.
                """)
        }
    };
}
