namespace CallAgent;

/// <summary>What a template may use. Scripts are text that users write, so nothing in them is trusted.</summary>
internal static class ScriptLimits
{
    public const int TemplateCharacters = 20_000;
    public const int ParserCalls = 100_000;
    public const int Depth = 50;
    public const int Steps = 20_000;
    public const int Checks = 200_000;
    public const int OutputBytes = 64 * 1024;
    public const int ValueCharacters = 64 * 1024;
    public const int ContextDepth = 16;
    public const int ListItems = 1_000;

    /// <summary>Characters read and made by filters, in all: bounds memory and time without a clock.</summary>
    public const int Work = 4_000_000;

    /// <summary>Below these a script cannot be slow by itself, so a busy machine must not stop it.</summary>
    public const int UntimedChecks = 500, UntimedWork = 100_000;

    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(100);
}

/// <summary>Leaves the template engine when a limit is met; never leaves <see cref="ScriptTemplates"/>.</summary>
internal sealed class ScriptStopped(string reason) : Exception(reason);
