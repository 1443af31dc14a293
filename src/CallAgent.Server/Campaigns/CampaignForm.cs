using System.Globalization;
using System.Text.RegularExpressions;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>One stage as the editor shows it: everything as it was typed.</summary>
public sealed partial record StageForm(string Slug, string Script = "", string Keywords = "", string Sentiment = "", string Turns = "")
{
    public string Label => Stages.Label(Slug);

    public string ScriptField => $"script_template.{Slug}.script";

    public string KeywordsField => $"script_template.{Slug}.transition_rules.keywords";

    public string SentimentField => $"script_template.{Slug}.transition_rules.sentiment_threshold";

    public string TurnsField => $"script_template.{Slug}.transition_rules.min_turns";

    public bool HasScript => !string.IsNullOrWhiteSpace(Script);

    /// <summary>As they are spoken: a detail that is put in is one word, and what decides about others is none.</summary>
    public int Words => Tag().Replace(Detail().Replace(Script, "x"), " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    public int KeywordCount => CampaignForm.Lines(Keywords).Count;

    public bool HasRules => KeywordCount > 0 || Sentiment.Length > 0 || Turns.Length > 0;

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Detail();

    [GeneratedRegex(@"\{%.*?%\}", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}

/// <summary>
/// A campaign as its editor shows and sends it. Stages are in the order in which the form has them, so that moving one is
/// nothing but another order of the form.
/// </summary>
public sealed record CampaignForm
{
    public required Guid Id { get; init; }
    public required int Version { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public bool IsActive { get; init; }
    public IReadOnlyList<StageForm> Stages { get; init; } = [];

    /// <summary>Names of what is to be found out, one a line.</summary>
    public string Fields { get; init; } = "";

    public static CampaignForm Of(Campaign campaign) => new()
    {
        Id = campaign.Id,
        Version = campaign.Version,
        Name = campaign.Name,
        Description = campaign.Description ?? "",
        IsActive = campaign.IsActive,
        Stages = [.. campaign.Stages.Select(slug => Stage(slug, campaign.ScriptTemplate.GetValueOrDefault(slug)))],
        Fields = string.Join('\n', campaign.DataCollectionFields),
    };

    public static CampaignForm Of(Guid id, PageForm form) => new()
    {
        Id = id,
        Version = form.Number("version") ?? 0,
        Name = form["name"],
        Description = Text(form, "description"),
        IsActive = form.IsOn("is_active"),
        Stages = [.. form.All("stages").Select(slug => new StageForm(slug)).Select(s => s with
        {
            Script = Text(form, s.ScriptField),
            Keywords = Text(form, s.KeywordsField),
            Sentiment = form[s.SentimentField].Trim(),
            Turns = form[s.TurnsField].Trim(),
        })],
        Fields = Text(form, "data_collection_fields"),
    };

    /// <summary>The change that makes the campaign what the form says, or what in it is no number.</summary>
    public Result<UpdateCampaign> ToUpdate()
    {
        var errors = new Dictionary<string, string[]>();
        var template = new Dictionary<string, StageScript>();
        foreach (var stage in Stages)
        {
            var rules = Rules(stage, errors);
            if (stage.HasScript || rules is not null)
            {
                template[stage.Slug] = new() { Script = stage.Script, TransitionRules = rules };
            }
        }
        return errors.Count > 0 ? Problem.Invalid(errors) : new UpdateCampaign
        {
            Name = Name,
            Description = Description,
            Stages = new([.. Stages.Select(s => s.Slug)]),
            ScriptTemplate = template,
            DataCollectionFields = new(Lines(Fields)),
            IsActive = IsActive,
        };
    }

    /// <summary>With a stage one place up (−1) or down (1).</summary>
    public CampaignForm Move(string slug, int step)
    {
        var stages = Stages.ToList();
        var from = stages.FindIndex(s => s.Slug == slug);
        var to = from + step;
        if (from < 0 || to < 0 || to >= stages.Count)
        {
            return this;
        }
        (stages[from], stages[to]) = (stages[to], stages[from]);
        return this with { Stages = stages };
    }

    public CampaignForm Without(string slug) => this with { Stages = [.. Stages.Where(s => s.Slug != slug)] };

    /// <summary>With one more stage, named as people would.</summary>
    public Result<CampaignForm> Add(string name) => CallAgent.Stages.SlugOf(name) switch
    {
        null => Problem.Invalid("new_stage", "Give it a name that begins with a letter from a to z."),
        var slug when Stages.Any(s => s.Slug == slug) => Problem.Invalid("new_stage", $"There is a stage {CallAgent.Stages.Label(slug)} already."),
        var slug => this with { Stages = [.. Stages, new StageForm(slug)] },
    };

    /// <summary>Known stages that the campaign does not have.</summary>
    public IEnumerable<string> Unused => CallAgent.Stages.Known.Where(known => Stages.All(s => s.Slug != known));

    internal static IReadOnlyList<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    private static StageForm Stage(string slug, StageScript? script) => new(
        slug, script?.Script ?? "", string.Join('\n', script?.TransitionRules?.Keywords ?? []),
        script?.TransitionRules?.SentimentThreshold?.ToString(CultureInfo.InvariantCulture) ?? "",
        script?.TransitionRules?.MinTurns?.ToString(CultureInfo.InvariantCulture) ?? "");

    private static TransitionRules? Rules(StageForm stage, Dictionary<string, string[]> errors)
    {
        double? sentiment = null;
        int? turns = null;
        if (stage.Sentiment.Length > 0)
        {
            sentiment = double.TryParse(stage.Sentiment, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value : Wrong(errors, stage.SentimentField, "Must be a number from -1 to 1.");
        }
        if (stage.Turns.Length > 0)
        {
            turns = int.TryParse(stage.Turns, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value : (int?)Wrong(errors, stage.TurnsField, "Must be a whole number from 0 to 1000.");
        }
        return stage.HasRules ? new() { Keywords = Lines(stage.Keywords), SentimentThreshold = sentiment, MinTurns = turns } : null;
    }

    private static double? Wrong(Dictionary<string, string[]> errors, string field, string message)
    {
        errors[field] = [message];
        return null;
    }

    // Browsers send a line's end as two characters.
    private static string Text(PageForm form, string field) => form[field].ReplaceLineEndings("\n");
}
