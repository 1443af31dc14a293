namespace CallAgent;

/// <summary>What makes a campaign whole.</summary>
internal static class CampaignRules
{
    private const int LongestName = 200;
    private const int LongestKeyword = 100;
    private const int LongestField = 64;

    public static Problem? Apply(Campaign campaign, Client.UpdateCampaign request)
    {
        campaign.Name = request.Name.Or(campaign.Name).Trim();
        campaign.Description = Text.Blank(request.Description.Or(campaign.Description));
        campaign.Stages = request.Stages.Or(campaign.Stages);
        campaign.ScriptTemplate = request.ScriptTemplate.Or(campaign.ScriptTemplate);
        campaign.DataCollectionFields = request.DataCollectionFields.Or(campaign.DataCollectionFields);
        campaign.IsActive = request.IsActive.Or(campaign.IsActive);

        var errors = new Dictionary<string, string[]>();
        if (campaign.Name.Length == 0)
        {
            errors["name"] = ["Is required."];
        }
        CheckStages(campaign, errors);
        foreach (var (stage, script) in campaign.ScriptTemplate)
        {
            CheckScript(campaign, stage, script, errors);
        }
        for (var i = 0; i < campaign.DataCollectionFields.Count; i++)
        {
            if (campaign.DataCollectionFields[i].Length > LongestField)
            {
                errors[$"data_collection_fields[{i}]"] = [$"Must have 1 to {LongestField} characters."];
            }
            else if (campaign.DataCollectionFields.Take(i).Contains(campaign.DataCollectionFields[i]))
            {
                errors[$"data_collection_fields[{i}]"] = ["Stands in the list already."];
            }
        }
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }

    public static string NameOfCopy(string name)
    {
        const string suffix = " (copy)";
        var room = LongestName - suffix.Length;
        // Not in the middle of a character of two halves.
        var cut = name.Length > room && char.IsHighSurrogate(name[room - 1]) ? room - 1 : room;
        return (name.Length > room ? name[..cut] : name) + suffix;
    }

    public static Problem NotAStage(string field, Campaign campaign) =>
        Problem.Invalid(field, $"Is not a stage of this campaign. It has: {string.Join(", ", campaign.Stages)}.");

    private static void CheckStages(Campaign campaign, Dictionary<string, string[]> errors)
    {
        for (var i = 0; i < campaign.Stages.Count; i++)
        {
            if (!Stages.IsSlug(campaign.Stages[i]))
            {
                errors[$"stages[{i}]"] = ["Must be 1 to 64 lower-case letters, digits, _ or -, beginning with a letter."];
            }
            else if (campaign.Stages.Take(i).Contains(campaign.Stages[i]))
            {
                errors[$"stages[{i}]"] = ["Stands in the list already."];
            }
        }
    }

    private static void CheckScript(Campaign campaign, string stage, Client.StageScript script, Dictionary<string, string[]> errors)
    {
        var field = $"script_template.{stage}";
        if (!campaign.Stages.Contains(stage))
        {
            errors[field] = ["Is not one of the campaign's stages."];
        }
        else if (ScriptTemplates.Error(script.Script) is { } error)
        {
            errors[$"{field}.script"] = [error];
        }
        var keywords = script.TransitionRules?.Keywords ?? [];
        for (var i = 0; i < keywords.Count; i++)
        {
            if (keywords[i].Length > LongestKeyword)
            {
                errors[$"{field}.transition_rules.keywords[{i}]"] = [$"Must have 1 to {LongestKeyword} characters."];
            }
        }
    }
}
