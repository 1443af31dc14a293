using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace CallAgent;

/// <summary>A fixed value. With it every condition is counted, even one that looks at nothing.</summary>
internal sealed class ScriptLiteral(FluidValue value) : Expression
{
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        ((ScriptContext)context).Check();
        return new(value);
    }
}

/// <summary>A variable, that says so when it is used without a value.</summary>
internal sealed class ScriptVariable(MemberExpression member, string name) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var script = (ScriptContext)context;
        script.Check();
        var value = await member.EvaluateAsync(context);
        script.Used(name, value);
        return value;
    }
}

/// <summary>What stands between <c>{{</c> and <c>}}</c>: its holes are the text's holes.</summary>
internal sealed class ScriptOutput(Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var script = (ScriptContext)context;
        var (value, holes) = await script.Watch(inner);
        script.Report(holes);
        return value;
    }
}

internal sealed class ScriptAssignment(string local, Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var script = (ScriptContext)context;
        var (value, holes) = await script.Watch(inner);
        script.SetOrigin(local, holes);
        return value;
    }
}

/// <summary>The <c>default</c> filter: when it has something to give there is no hole.</summary>
internal sealed class ScriptDefault(Expression input, Expression? fallback, Expression? allowFalse) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var script = (ScriptContext)context;
        var (value, holes) = await script.Watch(input);
        var keepsFalse = allowFalse is not null && (await allowFalse.EvaluateAsync(context)).ToBooleanValue();
        if (!ScriptValues.IsBlank(value) && (keepsFalse || value is not BooleanValue || value.ToBooleanValue()))
        {
            script.AddHoles(holes);
            return value;
        }
        var (instead, _) = fallback is null ? (NilValue.Instance, holes) : await script.Watch(fallback);
        if (ScriptValues.IsBlank(instead))
        {
            script.AddHoles(holes);
        }
        return instead;
    }
}

/// <summary>A range such as <c>(1..5)</c>, which the engine itself would make of any length.</summary>
internal sealed class ScriptRange(Expression from, Expression to) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var start = (await from.EvaluateAsync(context)).ToNumberValue();
        var end = (await to.EvaluateAsync(context)).ToNumberValue();
        if (start < int.MinValue || end > int.MaxValue || end - start >= ScriptLimits.Steps)
        {
            throw new ScriptStopped($"it took more than {ScriptLimits.Steps} steps");
        }
        var numbers = new List<FluidValue>();
        for (var number = decimal.Truncate(start); number <= end; number++)
        {
            numbers.Add(NumberValue.Create(number));
        }
        ((ScriptContext)context).Spend(numbers.Count);
        return new ArrayValue(numbers);
    }
}

/// <summary>A value whose size is counted each time it is used.</summary>
internal sealed class ScriptWeighed(Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await inner.EvaluateAsync(context);
        ((ScriptContext)context).Spend(ScriptValues.Weight(value));
        return value;
    }
}
