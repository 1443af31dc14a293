using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CallAgent.Tests;

/// <summary>Makes requests out of the OpenAPI document: some that are sound, most that are wrong in one place, some that are wrong in all.</summary>
internal sealed class RequestMaker(JsonNode document, Random random)
{
    // With the right password these end the account or the sign-in of everything that comes after.
    private static readonly string[] Endings =
        ["DELETE /api/auth/account", "POST /api/auth/password", "POST /api/members/leave", "POST /api/auth/logout", "DELETE /api/sessions", "POST /api/members/{id}/make-owner"];

    private readonly (string Method, string Path, JsonNode Description)[] operations =
    [
        .. from path in document["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!),
    ];

    public IEnumerable<string> Operations => operations.Select(o => $"{o.Method} {o.Path}");

    /// <summary>The request, and the operation that it is meant for.</summary>
    public (HttpRequestMessage Request, string Operation) Make(Estate own, Estate foreign)
    {
        var (method, path, description) = operations[random.Next(operations.Length)];
        var name = $"{method} {path}";
        var parameters = description["parameters"]?.AsArray().Select(p => p!).ToList() ?? [];
        foreach (var parameter in parameters.Where(p => (string?)p["in"] == "path"))
        {
            path = path.Replace($"{{{parameter["name"]}}}", PathValue(path, (string)parameter["name"]!, own, foreign), StringComparison.Ordinal);
        }
        var query = parameters.Where(p => (string?)p["in"] == "query" && (IsRequired(p) ? Often() : Seldom())).Select(p => $"{p["name"]}={QueryValue(p, own)}").ToList();
        if (random.Next(30) == 0)
        {
            query.Add($"{Uri.EscapeDataString(HostileValues.Text(random))}={Uri.EscapeDataString(HostileValues.Text(random))}");
        }
        var request = new HttpRequestMessage(new HttpMethod(method), query.Count == 0 ? path : $"{path}?{string.Join('&', query)}");
        if (description["requestBody"]?["content"] is JsonObject content)
        {
            request.Content = BodyOf(content, own, mayEnd: !Endings.Contains(name) || random.Next(20) == 0);
        }
        AddHeaders(request);
        return (request, name);
    }

    private string PathValue(string path, string name, Estate own, Estate foreign) => (name, random.Next(20)) switch
    {
        (_, 0) => PathText(),
        ("id", 1) => Guid.CreateVersion7().ToString(),
        ("id", 2) => foreign.Ids[path.Split('/')[2]].ToString(),
        ("id", _) => own.Ids[path.Split('/')[2]].ToString(),
        (_, < 10) => PathText(),
        _ => "vip",
    };

    // U+0000 in a path is refused below the application, and by the client of the tests itself.
    private string PathText() => Uri.EscapeDataString(HostileValues.Text(random).Replace('\0', 'x'));

    private string QueryValue(JsonNode parameter, Estate own)
    {
        if (random.Next(4) == 0)
        {
            return random.Next(10) == 0 ? "%ff%zz%" : Uri.EscapeDataString(HostileValues.Text(random));
        }
        var value = (string)parameter["name"]! switch
        {
            var id when own.Ids.TryGetValue(id, out var known) => known.ToString(),
            _ when parameter["example"] is { } example => example.ToString(),
            _ => Sample(parameter["schema"], 0)?.ToString() ?? "",
        };
        return Uri.EscapeDataString(value);
    }

    private HttpContent? BodyOf(JsonObject content, Estate own, bool mayEnd)
    {
        if (content["application/json"] is not { } json)
        {
            return FileOf(content);
        }
        var text = random.Next(12) switch
        {
            0 => HostileValues.Json(random),
            1 => "",
            2 => "{\"a\":1",
            < 8 when json["example"] is { } example => Mutated(example.DeepClone(), own, random.Next(3)),
            _ => Mutated(Sample(json["schema"], 0) ?? new JsonObject(), own, random.Next(2)),
        };
        if (!mayEnd)
        {
            text = text.Replace("password123", "wrong password", StringComparison.Ordinal);
        }
        var type = random.Next(25) switch { 0 => "text/plain", 1 => "application/xml", 2 => "application/merge-patch+json", _ => "application/json" };
        return Bytes(random.Next(40) == 0 ? [0xff, 0xfe, .. Encoding.UTF8.GetBytes(text)] : Encoding.UTF8.GetBytes(text), type);
    }

    private ByteArrayContent FileOf(JsonObject content)
    {
        var types = content.Select(c => c.Key).ToArray();
        var lines = Enumerable.Range(0, random.Next(20)).Select(_ => string.Join(random.Next(8) == 0 ? ';' : ',', Enumerable.Range(0, random.Next(6)).Select(_ => Cell())));
        return Bytes(Encoding.UTF8.GetBytes("phone,first_name,note\n" + string.Join('\n', lines)), types[random.Next(types.Length)]);

        string Cell() => random.Next(2) == 0 ? TestUser.NewPhone() : HostileValues.Text(random) is var text && text.Length > 1_000 ? text[..50] : text;
    }

    // Some members become hostile, some disappear, and one is added that nobody knows.
    private string Mutated(JsonNode body, Estate own, int changes)
    {
        var raw = new Dictionary<string, string>();
        if (body is JsonObject members)
        {
            foreach (var (name, id) in own.Ids.Where(i => members.ContainsKey(i.Key)))
            {
                members[name] = id.ToString();
            }
            for (var n = 0; n < changes && members.Count > 0; n++)
            {
                var name = members.ElementAt(random.Next(members.Count)).Key;
                if (random.Next(6) == 0)
                {
                    members.Remove(name);
                }
                else
                {
                    members[name] = Placeholder(raw);
                }
            }
            if (random.Next(25) == 0)
            {
                members[HostileValues.Text(random)] = Placeholder(raw);
            }
            if (members.ContainsKey("phone_number") && random.Next(3) > 0)
            {
                members["phone_number"] = TestUser.NewPhone();
            }
        }
        var text = body.ToJsonString();
        return raw.Aggregate(text, (t, r) => t.Replace(r.Key, r.Value, StringComparison.Ordinal));
    }

    private string Placeholder(Dictionary<string, string> raw)
    {
        var name = $"placeholder{raw.Count}";
        raw[$"\"{name}\""] = HostileValues.Json(random);
        return name;
    }

    private void AddHeaders(HttpRequestMessage request)
    {
        Add(20, "If-Match", "\"1\"", "*", "1", "W/\"1\"", "\"99999999999999999999\"", "\"", "");
        Add(20, "If-None-Match", "\"1\"", "*", "nothing", "W/\"1\"");
        Add(30, "Accept", "text/html", "*/*", "application/xml", "q=;,;");
        Add(40, "Accept-Encoding", "gzip", "br;q=0", "identity;q=0, *;q=0");
        Add(40, "Origin", "https://evil.example", "null", "http://localhost");
        Add(40, "X-Forwarded-For", "127.0.0.1", "not an address");
        Add(40, "Range", "bytes=0-1", "bytes=-");
        Add(40, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "zz");
        Add(60, "Content-Encoding", "gzip", "br", "identity");
        Add(60, "Idempotency-Key", Guid.CreateVersion7().ToString(), new string('k', 500));
        Add(60, "X-API-Key", "ca_live_none", "");
        Add(60, "Cookie", "callagent_session=none", "callagent_device==;;=");
        Add(60, "X-HTTP-Method-Override", "DELETE");
        Add(120, "X-Large", new string('h', 40_000));

        void Add(int oneIn, string name, params string[] values)
        {
            if (random.Next(oneIn) == 0)
            {
                var value = values[random.Next(values.Length)];
                _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content?.Headers.TryAddWithoutValidation(name, value) == true;
            }
        }
    }

    /// <summary>A value that the schema allows.</summary>
    private JsonNode? Sample(JsonNode? schema, int depth)
    {
        if (schema is null || depth > 6)
        {
            return null;
        }
        if ((string?)schema["$ref"] is { } reference)
        {
            return Sample(document["components"]!["schemas"]![reference.Split('/')[^1]], depth + 1);
        }
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } choices)
        {
            return Sample(choices[random.Next(choices.Count)], depth + 1);
        }
        if (schema["enum"] is JsonArray { Count: > 0 } values)
        {
            return values[random.Next(values.Count)]?.DeepClone();
        }
        return (schema["type"] is JsonArray types ? (string?)types[random.Next(types.Count)] : (string?)schema["type"]) switch
        {
            "string" => Word((string?)schema["format"], (int?)schema["maxLength"] ?? 20),
            "integer" => random.Next(0, 100),
            "number" => Math.Round(random.NextDouble(), 2),
            "boolean" => random.Next(2) == 0,
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Sample(schema["items"], depth + 1))]),
            "object" => ObjectOf(schema, depth),
            _ => null,
        };
    }

    private JsonObject ObjectOf(JsonNode schema, int depth)
    {
        var made = new JsonObject();
        var required = schema["required"]?.AsArray().Select(r => (string)r!).ToHashSet() ?? [];
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            if (required.Contains(name) ? random.Next(30) > 0 : random.Next(2) == 0)
            {
                made[name] = Sample(member, depth + 1);
            }
        }
        if (made.Count == 0 && schema["additionalProperties"] is JsonObject values)
        {
            made["introduction"] = Sample(values, depth + 1);
        }
        return made;
    }

    private string Word(string? format, int longest) => format switch
    {
        "uuid" => Guid.CreateVersion7().ToString(),
        "date-time" => DateTimeOffset.UnixEpoch.AddDays(random.Next(20_000, 25_000)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => new string((char)random.Next('a', 'z' + 1), random.Next(1, Math.Min(longest, 30) + 1)),
    };

    private bool Often() => random.Next(10) > 0;

    private bool Seldom() => random.Next(6) == 0;

    private static bool IsRequired(JsonNode parameter) => (bool?)parameter["required"] == true;

    private static ByteArrayContent Bytes(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
