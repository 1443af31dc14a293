using System.Globalization;
using Fluid;
using Fluid.Values;

namespace CallAgent;

/// <summary>The filters a script may use: a closed list, each with its input, arguments and result weighed.</summary>
internal static class ScriptFilters
{
    private static readonly string[] Names =
    [
        "append", "capitalize", "downcase", "lstrip", "prepend", "remove", "replace", "rstrip", "slice", "split", "strip",
        "strip_newlines", "truncate", "truncatewords", "upcase",
        "compact", "concat", "first", "has", "join", "last", "map", "reject", "reverse", "size", "sort", "sort_natural", "sum",
        "uniq", "where",
        "abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times",
        "date", "default", "time_zone"
    ];

    public static TemplateOptions Options { get; } = Fenced();

    public static bool Has(string name) => Options.Filters.TryGetValue(name, out _);

    private static TemplateOptions Fenced()
    {
        var options = new TemplateOptions
        {
            MaxSteps = ScriptLimits.Steps,
            MaxRecursion = ScriptLimits.Depth,
            TimeZone = TimeZoneInfo.Utc
        };
        var all = options.Filters.ToDictionary();
        options.Filters.Clear();
        foreach (var name in Names)
        {
            options.Filters.AddFilter(name, Fence(name, name == "date" ? OfMoments(all[name]) : all[name]));
        }
        return options;
    }

    private static FilterDelegate Fence(string name, FilterDelegate filter) => async (input, arguments, context) =>
    {
        var script = (ScriptContext)context;
        script.Spend(ScriptValues.Weight(input));
        foreach (var argument in arguments.Values ?? [])
        {
            script.Spend(ScriptValues.Weight(argument));
        }
        script.Spend(Growth(name, input, arguments));
        var result = await filter(input, arguments, context);
        script.Spend(ScriptValues.Weight(result));
        return result;
    };

    // JSON has moments as text: the library would show one as its sender's clock had it. What is no date stays as it is, as in Liquid.
    private static FilterDelegate OfMoments(FilterDelegate date) => async (input, arguments, context) =>
    {
        var text = input is StringValue ? input.ToStringValue() : "";
        var result = await date(Moment(text) is { } moment ? new DateTimeValue(TimeZoneInfo.ConvertTime(moment, context.TimeZone)) : input, arguments, context);
        return result.IsNil() && text.Length > 0 ? input : result;
    };

    // Only with an offset or a Z is it known when it was.
    private static DateTimeOffset? Moment(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) && time.Kind != DateTimeKind.Unspecified
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var moment) ? moment : null;

    /// <summary>How much longer than what went in the result can be, where that is not a small multiple.</summary>
    private static long Growth(string name, FluidValue input, FilterArguments arguments)
    {
        var (first, second) = (arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue());
        return name switch
        {
            "replace" when first.Length > 0 => (long)input.ToStringValue().AsSpan().Count(first) * second.Length,
            "join" when input is ArrayValue list => (long)list.Values.Count * first.Length,
            "date" => DateWidth(first),
            _ => 0
        };
    }

    // "%99999999n" asks for that many new lines.
    private static long DateWidth(string format)
    {
        long widest = format.Length, width = 0;
        foreach (var c in format)
        {
            width = char.IsDigit(c) ? Math.Min(width * 10 + 9, int.MaxValue) : 0;
            widest = Math.Max(widest, width > 99 ? width * 1_000 : 0);
        }
        return widest;
    }
}
