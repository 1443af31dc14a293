using System.Text;

namespace CallAgent;

/// <summary>Takes what a template writes, up to the limit.</summary>
internal sealed class ScriptText(ScriptContext context) : StringWriter
{
    private int bytes;

    public int Length => GetStringBuilder().Length;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        context.Check();
        bytes += buffer.Length > ScriptLimits.OutputBytes ? buffer.Length : Encoding.UTF8.GetByteCount(buffer);
        if (bytes > ScriptLimits.OutputBytes)
        {
            throw new ScriptStopped($"its text is longer than {ScriptLimits.OutputBytes / 1024} KiB");
        }
        GetStringBuilder().Append(buffer);
    }
}
