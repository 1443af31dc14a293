using System.Globalization;
using Fluid;
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Parser;
using Fluid.Values;

namespace CallAgent;

/// <summary>Replaces what in a parsed template could run away or go unnoticed, and collects the variables it uses.</summary>
internal sealed class ScriptFence : AstRewriter
{
    private readonly OrderedDictionary<string, bool> variables = new(StringComparer.Ordinal);
    private readonly HashSet<string> locals = new(StringComparer.OrdinalIgnoreCase) { "forloop" };
    private int depth;

    /// <summary>The names a caller has to supply: not those the template itself assigns.</summary>
    public IReadOnlyList<string> Variables => [.. variables.Keys];

    public override Expression Visit(Expression expression)
    {
        if (++depth > ScriptLimits.Depth)
        {
            throw new ParseException($"More than {ScriptLimits.Depth} filters or conditions in one place");
        }
        var visited = base.Visit(expression);
        depth--;
        return visited;
    }

    protected override Statement VisitOutputStatement(OutputStatement outputStatement) =>
        new OutputStatement(new ScriptOutput(Visit(outputStatement.Expression)));

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        var value = new ScriptAssignment(assignStatement.Identifier, Visit(assignStatement.Value));
        locals.Add(assignStatement.Identifier);
        return new AssignStatement(assignStatement.Identifier, value);
    }

    protected override Statement VisitParserBlockStatement<T>(ParserBlockStatement<T> parserBlockStatement)
    {
        var block = base.VisitParserBlockStatement(parserBlockStatement);
        if (parserBlockStatement.Value is string captured)
        {
            locals.Add(captured);
        }
        return block;
    }

    // The engine's own visits the else first; variables are listed as they are read.
    protected override Statement VisitIfStatement(IfStatement ifStatement)
    {
        var condition = Visit(ifStatement.Condition);
        TryRewriteStatements(ifStatement.Statements, out var statements);
        TryRewriteStatements(ifStatement.ElseIfs, out var elseIfs);
        return new IfStatement(condition, statements, Otherwise(ifStatement.Else), elseIfs);
    }

    protected override Statement VisitUnlessStatement(UnlessStatement unlessStatement)
    {
        var condition = Visit(unlessStatement.Condition);
        TryRewriteStatements(unlessStatement.Statements, out var statements);
        return new UnlessStatement(condition, statements, Otherwise(unlessStatement.Else));
    }

    protected override Statement VisitCaseStatement(CaseStatement caseStatement)
    {
        var value = Visit(caseStatement.Expression);
        TryRewriteStatements(caseStatement.Whens, out var whens);
        return new CaseStatement(value, Otherwise(caseStatement.Else), [.. whens]);
    }

    private ElseStatement? Otherwise(ElseStatement? otherwise) => otherwise is null ? null : (ElseStatement)Visit(otherwise);

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        if (forStatement.OffsetIsContinue)
        {
            throw new ParseException("'offset: continue' is not available");
        }
        var source = new ScriptWeighed(Visit(forStatement.Source));
        var (limit, offset) = (Visit(forStatement.Limit), Visit(forStatement.Offset));
        locals.Add(forStatement.Identifier);
        TryRewriteStatements(forStatement.Statements, out var statements);
        return new ForStatement(statements, forStatement.Identifier, source, limit, offset, forStatement.Reversed,
            Otherwise(forStatement.Else));
    }

    protected override Expression VisitLiteralExpression(LiteralExpression literalExpression) =>
        new ScriptLiteral(literalExpression.Value);

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) =>
        new ScriptRange(Visit(rangeExpression.From), Visit(rangeExpression.To));

    protected override Expression VisitContainsBinaryExpression(ContainsBinaryExpression containsBinaryExpression) =>
        new ContainsBinaryExpression(
            new ScriptWeighed(Visit(containsBinaryExpression.Left)),
            new ScriptWeighed(Visit(containsBinaryExpression.Right)));

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        if (!ScriptFilters.Has(filterExpression.Name))
        {
            throw new ParseException($"There is no filter '{filterExpression.Name}'");
        }
        var input = Visit(filterExpression.Input);
        var arguments = filterExpression.Parameters.Select(p => new FilterArgument(p.Name, Visit(p.Expression))).ToList();
        return filterExpression.Name == "default"
            ? new ScriptDefault(input, Argument(null), Argument("allow_false"))
            : new FilterExpression(input, filterExpression.Name, arguments);

        Expression? Argument(string? name) => arguments.FirstOrDefault(a => a.Name == name).Expression;
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        if (memberExpression.Segments.Count > ScriptLimits.Depth)
        {
            throw new ParseException($"A name of more than {ScriptLimits.Depth} parts");
        }
        List<MemberSegment> segments = [.. memberExpression.Segments.Select(Fenced)];
        var name = Name(memberExpression.Segments);
        if (!locals.Contains(((IdentifierSegment)segments[0]).Identifier))
        {
            variables.TryAdd(name, true);
        }
        return new ScriptVariable(new MemberExpression(segments), name);
    }

    private MemberSegment Fenced(MemberSegment segment) =>
        segment is IndexerSegment indexer ? new IndexerSegment(Visit(indexer.Expression)) : segment;

    /// <summary><c>contact.first_name</c>; an index that is only known later ends the name.</summary>
    private static string Name(IReadOnlyList<MemberSegment> segments)
    {
        var name = "";
        foreach (var segment in segments)
        {
            var part = segment switch
            {
                IdentifierSegment identifier => "." + identifier.Identifier,
                IndexerSegment { Expression: LiteralExpression { Value: StringValue key } } => "." + key.ToStringValue(),
                IndexerSegment { Expression: LiteralExpression { Value: NumberValue index } } =>
                    $"[{index.ToNumberValue().ToString(CultureInfo.InvariantCulture)}]",
                _ => null
            };
            if (part is null)
            {
                break;
            }
            name += part;
        }
        return name.TrimStart('.');
    }
}
