namespace CallAgent.Tests;

/// <summary>What a careless or hostile caller puts where a value belongs.</summary>
internal static class HostileValues
{
    /// <summary>Texts that no field keeps: U+0000, U+FFFE and halves of pairs, as JSON.</summary>
    public static readonly string[] Refused = ["\"a\\u0000b\"", "\"\\u0000\"", "\"a\\ud800b\"", "\"\\udc00a\"", "\"\\ud83d\\ud83d\"", "\"a\\ufffeb\""];

    /// <summary>Texts that are odd and whole.</summary>
    public static readonly string[] Odd =
    [
        "ق\u202Eabc\u202C", "e\u0301\u0327", "é", "👩‍👩‍👧", "\U0001D7D9\U0001D7DA", "'; drop table contacts; --", "\" or 1=1 --", "<script>alert(1)</script>",
        "\u2028", "\\\"%_", "ﬀ", "İ", "ß", "a\tb", "a\nb", "\uFFFF", "a\uFEFFb", "%00", "\u0001\u001F", "\u0085", "\u200B\u200Fx", "$1", "{0}", "x' || 'y",
    ];

    private static readonly string[] Texts =
    [
        .. Odd, "", " ", "\0", "a\0b", "\uFFFE", "a\uFFFEb", "null", "true", "-1", "0", "1e309", "NaN", "*", "-", "+", "+1", "+99999999999999999999", "٠١٢٣", "\r\nX-Evil: 1",
        "http://", "javascript:alert(1)", "file:///etc/passwd", "../../etc/passwd", "a@b", "a@b.example", "{{ 7 | times: 7 }}", "{% for", "{% for i in (1..999999999) %}x{% endfor %}",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+14:00", "2026-01-01", "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "contacts:read", "-created_at", "introduction", "owner", "0.0.0.0/0", "::/0", "999.1.1.1", new string('x', 300), new string('é', 21_000),
    ];

    private static readonly string[] RawJson =
    [
        .. Refused, "null", "true", "0", "-1", "-0.0", "0.1", "1e400", "99999999999999999999", "-9223372036854775809", "\"\"", "[]", "{}", "[[]]", "[null]", "[\"\"]", "{\"\":1}",
        "{\"a\":null}", "{\"a\":1,\"a\":2}", "{\"__proto__\":{}}", "{\"$ref\":\"#\"}", "{\"introduction\":null}", "{\"introduction\":{\"script\":\"{% for\"}}",
        new string('[', 70) + new string(']', 70), $"[{string.Join(',', Enumerable.Range(0, 2_000))}]", $"{{\"{new string('k', 200)}\":1}}",
    ];

    public static string Text(Random random) => Texts[random.Next(Texts.Length)];

    /// <summary>A piece of JSON, or what looks like it.</summary>
    public static string Json(Random random) => random.Next(2) == 0
        ? RawJson[random.Next(RawJson.Length)]
        : System.Text.Json.JsonSerializer.Serialize(Text(random));
}
