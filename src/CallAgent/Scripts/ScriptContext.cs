using System.Diagnostics;
using Fluid;
using Fluid.Values;

namespace CallAgent;

/// <summary>One rendering: what it has used so far, and which variables left holes in the text.</summary>
internal sealed class ScriptContext : TemplateContext
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, List<string>> origins = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> captured = new(StringComparer.OrdinalIgnoreCase);
    private List<string>? openHoles;
    private int checks;
    private long work;

    public ScriptContext(TemplateOptions options, IReadOnlyDictionary<string, object?> model, DateTimeOffset now) : base(options)
    {
        TimeZone = ScriptValues.TimeZone(model);
        Now = () => TimeZoneInfo.ConvertTime(now, TimeZone);
        foreach (var (name, value) in model)
        {
            SetValue(name, ScriptValues.From(value, TimeZone));
        }
    }

    /// <summary>The text itself; <c>null</c> while something is captured that may go into it later.</summary>
    public ScriptText? Output { get; set; }

    /// <summary>Variables that left a hole, and where: −1 in what was captured.</summary>
    public List<Client.ScriptGap> Gaps { get; } = [];

    public bool OutOfSteps => _steps > MaxSteps;

    public void Check()
    {
        if (++checks > ScriptLimits.Checks)
        {
            throw new ScriptStopped($"it looked at more than {ScriptLimits.Checks} values");
        }
        if (checks <= ScriptLimits.UntimedChecks && work <= ScriptLimits.UntimedWork)
        {
            return;
        }
        if (Stopwatch.GetElapsedTime(started) > ScriptLimits.Time)
        {
            throw new ScriptStopped($"it took longer than {ScriptLimits.Time.TotalMilliseconds:0} ms");
        }
    }

    /// <summary>Counts a value that was read or made.</summary>
    public void Spend(long characters)
    {
        if (characters > ScriptLimits.ValueCharacters)
        {
            throw new ScriptStopped($"a value in it grew over {ScriptLimits.ValueCharacters} characters");
        }
        if ((work += characters) > ScriptLimits.Work)
        {
            throw new ScriptStopped($"it worked on more than {ScriptLimits.Work} characters");
        }
        Check();
    }

    /// <summary>Evaluates, and tells which variables were blank on the way.</summary>
    public async ValueTask<(FluidValue Value, List<string> Holes)> Watch(Fluid.Ast.Expression expression)
    {
        var (outer, own) = (openHoles, new List<string>());
        openHoles = own;
        try
        {
            return (await expression.EvaluateAsync(this), own);
        }
        finally
        {
            openHoles = outer;
        }
    }

    /// <summary>What comes next in the text has these holes.</summary>
    public void Report(IEnumerable<string> holes)
    {
        var position = Output?.Length ?? -1;
        Gaps.AddRange(holes.Select(name => new Client.ScriptGap(position, name)));
    }

    public void AddHoles(IEnumerable<string> names) => openHoles?.AddRange(names);

    public void SetOrigin(string local, List<string> holes)
    {
        captured.Remove(local);
        origins[local] = holes;
    }

    /// <summary>What is captured has told its own gaps, and is none where it is empty: nobody could supply it.</summary>
    public void SetCaptured(string local)
    {
        captured.Add(local);
        origins.Remove(local);
    }

    /// <summary>A local variable is as incomplete as what it was made of.</summary>
    public void Used(string name, FluidValue value)
    {
        if (openHoles is null)
        {
            return;
        }
        if (origins.TryGetValue(name, out var holes) && holes.Count > 0)
        {
            openHoles.AddRange(holes);
        }
        else if (ScriptValues.IsBlank(value) && !captured.Contains(name))
        {
            openHoles.Add(name);
        }
    }
}
