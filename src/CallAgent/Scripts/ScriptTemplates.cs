using System.Collections.Concurrent;
using Fluid;

namespace CallAgent;

/// <summary>A script filled in.</summary>
/// <param name="Text">The text; as far as it got when there is a problem.</param>
/// <param name="Missing">Variables that had no value where the text needed one.</param>
/// <param name="Gaps">Where in the text they are missing.</param>
/// <param name="Problem">Why rendering did not finish, or null.</param>
internal sealed record RenderedText(string Text, IReadOnlyList<string> Missing, IReadOnlyList<Client.ScriptGap> Gaps, string? Problem);

/// <summary>Liquid templates in which only the model's plain data can be reached, within <see cref="ScriptLimits"/>.</summary>
internal static class ScriptTemplates
{
    private static readonly ScriptCache Cache = new();

    /// <summary>What is wrong with a template, in plain words; null when nothing is.</summary>
    public static string? Error(string template) => Cache.Get(template).Error is { } error ? Sentence(error) : null;

    /// <summary>The same, with its place by itself.</summary>
    public static Client.ScriptError? ErrorAt(string template) => Cache.Get(template).Error;

    /// <summary>Dotted names that the template takes from the model, in order.</summary>
    public static IReadOnlyList<string> Variables(string template) => Cache.Get(template).Variables;

    /// <summary>
    /// Fills in a template. The model holds dictionaries, lists, text, numbers, booleans, dates and JSON;
    /// anything else in it reads as nothing.
    /// </summary>
    public static RenderedText Render(string template, IReadOnlyDictionary<string, object?> model, DateTimeOffset now)
    {
        var script = Cache.Get(template);
        if (script.Template is null)
        {
            return new("", [], [], script.Error is { } error ? Sentence(error) : null);
        }
        var context = new ScriptContext(ScriptFilters.Options, model, now);
        using var text = new ScriptText(context);
        context.Output = text;
        var problem = Run(script.Template, text, context);
        return new(text.ToString(), [.. context.Gaps.Select(g => g.Variable).Distinct()], [.. context.Gaps.Where(g => g.Position >= 0)], problem);
    }

    private static string Sentence(Client.ScriptError error) =>
        error.Line is null ? error.Message : $"{error.Message.TrimEnd('.')} (line {error.Line}, column {error.Column}).";

    private static string? Run(IFluidTemplate template, ScriptText text, ScriptContext context)
    {
        try
        {
            template.RenderAsync(text, NullEncoder.Default, context).AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (ScriptStopped stopped)
        {
            return $"The script was stopped: {stopped.Message}.";
        }
        catch (InvalidOperationException) when (context.OutOfSteps)
        {
            return $"The script was stopped: it took more than {ScriptLimits.Steps} steps.";
        }
        // What a filter throws on odd input – a division by zero, a number that overflows – is the template's fault.
        catch (Exception fault) when (fault is ArithmeticException or ArgumentException or FormatException or FluidException
            or InvalidOperationException or InvalidCastException or IndexOutOfRangeException or NullReferenceException)
        {
            return $"The script could not be filled in: {fault.Message}";
        }
    }
}

/// <summary>
/// Templates already read. Users write them, so it is bounded in number and size: two generations, of which the older
/// is dropped when the newer is full.
/// </summary>
internal sealed class ScriptCache
{
    private const int Entries = 500, Characters = 1_000_000;
    private readonly Lock turning = new();
    private ConcurrentDictionary<string, ParsedScript> newer = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, ParsedScript> older = new(StringComparer.Ordinal);
    private int entries, characters;

    public int Count => newer.Count + older.Count;

    public ParsedScript Get(string template)
    {
        if (newer.TryGetValue(template, out var script))
        {
            return script;
        }
        if (!older.TryGetValue(template, out script))
        {
            script = ScriptParser.Read(template);
        }
        if (template.Length <= ScriptLimits.TemplateCharacters)
        {
            Keep(template, script);
        }
        return script;
    }

    private void Keep(string template, ParsedScript script)
    {
        lock (turning)
        {
            if (entries >= Entries || characters >= Characters)
            {
                (older, newer, entries, characters) = (newer, new(StringComparer.Ordinal), 0, 0);
            }
            if (newer.TryAdd(template, script))
            {
                (entries, characters) = (entries + 1, characters + template.Length);
            }
        }
    }
}
