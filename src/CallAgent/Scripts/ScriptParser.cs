using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Parser;
using Fluid.Values;
using Parlot;
using Parlot.Fluent;
using ParseException = Fluid.ParseException;

namespace CallAgent;

/// <summary>A template that was read: to render, or with what is wrong with it.</summary>
internal sealed record ParsedScript(IFluidTemplate? Template, IReadOnlyList<string> Variables, Client.ScriptError? Error)
{
    public static ParsedScript Wrong(Client.ScriptError error) => new(null, [], error);
}

/// <summary>Liquid with a closed list of tags, read within limits of depth and work.</summary>
internal sealed class ScriptParser : FluidParser
{
    private static readonly HashSet<string> Tags =
        ["#", "assign", "break", "capture", "case", "comment", "continue", "for", "if", "raw", "unless"];

    private static readonly HashSet<string> Operators = ["==", "!=", "<>", "<", ">", "<=", ">=", "contains"];

    private static readonly ScriptParser Instance = new();

    private ScriptParser()
    {
        RegisterIdentifierBlock("capture", Capture);
        foreach (var tag in RegisteredTags.Keys.Except(Tags).ToArray())
        {
            RegisteredTags.Remove(tag);
        }
        foreach (var name in RegisteredOperators.Keys.Except(Operators).ToArray())
        {
            RegisteredOperators.Remove(name);
        }
        Primary.Parser = new Guarded<Expression>(Primary.Parser!);
        AnyTagsList.Parser = new Guarded<IReadOnlyList<Statement>>(AnyTagsList.Parser!);
    }

    public static ParsedScript Read(string template)
    {
        if (template.Length > ScriptLimits.TemplateCharacters)
        {
            return ParsedScript.Wrong(new($"A script can have at most {ScriptLimits.TemplateCharacters} characters."));
        }
        var context = new ReadContext(template);
        try
        {
            return Instance.Read(context);
        }
        catch (ParseException problem)
        {
            return ParsedScript.Wrong(Error(problem.Message, context.Scanner.Cursor.Position));
        }
    }

    private ParsedScript Read(ReadContext context)
    {
        if (!Grammar.TryParse(context, out var statements, out var error) || error is not null)
        {
            return ParsedScript.Wrong(Error(error?.Message ?? "This is not a template", error?.Position ?? default));
        }
        if (!context.Scanner.Cursor.Eof)
        {
            return ParsedScript.Wrong(Error("This cannot be understood", context.Scanner.Cursor.Position));
        }
        var fence = new ScriptFence();
        var fenced = fence.VisitTemplate(new FluidTemplate(statements));
        return new(fenced, fence.Variables, null);
    }

    private static Client.ScriptError Error(string problem, TextPosition position)
    {
        var end = problem.IndexOf(" at (", StringComparison.Ordinal);
        var words = end < 0 ? problem : problem[..end];
        // The engine says "Invalid 'if' tag" of one that lacks something.
        if (words.StartsWith("Invalid '", StringComparison.Ordinal) && words.EndsWith("' tag", StringComparison.Ordinal))
        {
            words = $"The tag {words["Invalid ".Length..^" tag".Length]} is not complete";
        }
        return new($"{words}.", position.Line, position.Column);
    }

    // The engine's own keeps what is captured in a writer without a limit.
    private static async ValueTask<Completion> Capture(
        string name, IReadOnlyList<Statement> statements, TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        var script = (ScriptContext)context;
        using var text = new ScriptText(script);
        var outer = script.Output;
        script.Output = null;
        var completion = await statements.RenderStatementsAsync(text, encoder, context);
        script.Output = outer;
        var value = text.ToString();
        script.Spend(value.Length);
        script.SetCaptured(name);
        context.SetValue(name, new StringValue(value, encode: false));
        return completion;
    }

    private sealed class ReadContext(string template) : FluidParseContext(template)
    {
        public int Depth { get; set; }

        public int Calls { get; set; }
    }

    /// <summary>Stops nesting that would exhaust the stack, and backtracking that would take for ever.</summary>
    private sealed class Guarded<T>(Parser<T> inner) : Parser<T>
    {
        public override bool Parse(ParseContext context, ref ParseResult<T> result)
        {
            var read = (ReadContext)context;
            if (++read.Depth > ScriptLimits.Depth)
            {
                throw new ParseException($"Nested more than {ScriptLimits.Depth} deep");
            }
            if (++read.Calls > ScriptLimits.ParserCalls)
            {
                throw new ParseException("Too complicated to read");
            }
            var found = inner.Parse(context, ref result);
            read.Depth--;
            return found;
        }
    }
}
