using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>What comes in as a file is understood, or refused with a reason and leaves nothing (S-03).</summary>
public sealed class ImportUploadTests(TestServer server)
{
    private const string Sample = "Telefon;Vorname;Notiz\n+4930901820;Jürgen;\"zwei\nZeilen; \"\"so\"\"\"\n";

    public static TheoryData<string, bool, string> Encodings => new()
    {
        { "utf-8", false, "utf-8" },
        { "utf-8", true, "utf-8" },
        { "utf-16", false, "utf-16le" },
        { "utf-16", true, "utf-16le" },
        { "utf-16BE", false, "utf-16be" },
        { "utf-16BE", true, "utf-16be" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_unicode_encoding_is_understood_with_or_without_a_mark(string encoding, bool mark, string name)
    {
        var user = await server.NewUserAsync();
        var bytes = Encoding.GetEncoding(encoding);

        var import = await user.UploadAsync([.. mark ? bytes.GetPreamble() : [], .. bytes.GetBytes(Sample)]);
        await user.RunAsync(import.Id);

        Assert.Equal((name, ";", 1), (import.Encoding, import.Delimiter, import.Counts.Rows));
        var contact = Assert.Single(await user.ContactsAsync());
        Assert.Equal(("+4930901820", "Jürgen", "zwei\nZeilen; \"so\""), (contact.PhoneNumber, contact.FirstName, contact.CustomFields["Notiz"].GetString()));
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    public async Task Every_usual_delimiter_is_found(char delimiter)
    {
        var user = await server.NewUserAsync();

        var import = await user.UploadAsync($"phone,first name,note\n+14155550132,Grace,\"a, b; c\"\n".Replace(',', delimiter));

        Assert.Equal(delimiter.ToString(), import.Delimiter);
        Assert.Equal(["phone_number", "first_name", "custom_fields.note"], import.Columns.Select(c => c.Field));
    }

    [Fact]
    public async Task What_spreadsheets_save_in_the_west_is_understood()
    {
        var user = await server.NewUserAsync();

        var import = await user.UploadAsync(Encoding.Latin1.GetBytes(Sample));

        Assert.Equal("windows-1252", import.Encoding);
        await user.RunAsync(import.Id);
        Assert.Equal("Jürgen", Assert.Single(await user.ContactsAsync()).FirstName);
    }

    [Theory]
    [InlineData("Handynummer,Nachname,Firma,E-Mail-Adresse,Schlagworte", "phone_number,last_name,company,email,tags")]
    [InlineData("Téléphone,Prénom,Nom de famille,Société,Courriel", "phone_number,first_name,last_name,company,email")]
    [InlineData("Teléfono,Nombre,Apellidos,Empresa,Correo electrónico", "phone_number,first_name,last_name,company,email")]
    [InlineData("Phone Number,Name,Organisation,Lead Status,Mobile", "phone_number,full_name,company,status,custom_fields.Mobile")]
    [InlineData("phone,id,created_at,,custom_fields.a b,phone", "phone_number,ignore,ignore,ignore,custom_fields.a b,custom_fields.phone (2)")]
    public async Task Columns_are_guessed_by_their_names(string header, string fields)
    {
        var user = await server.NewUserAsync();

        var import = await user.UploadAsync($"{header}\n{new string(',', header.Count(c => c == ','))}\n");

        Assert.Equal(fields, string.Join(',', import.Columns.Select(c => c.Field)));
    }

    [Fact]
    public async Task A_file_without_names_of_columns_is_understood_by_its_values()
    {
        var user = await server.NewUserAsync();

        var import = await user.UploadAsync("+14155550132,grace@navy.example,Grace\n+14155550133,ada@acme.example,Ada\n");

        Assert.Equal((2, "phone_number,email,ignore"), (import.Counts.Rows, string.Join(',', import.Columns.Select(c => c.Field))));
    }

    public static TheoryData<string, byte[], string> BadFiles => new()
    {
        { "empty", [], "empty" },
        { "a header and no rows", "phone,name\n"u8.ToArray(), "no rows" },
        { "a workbook", [0x50, 0x4B, 3, 4, .. new byte[100]], "Excel" },
        { "packed", Pack(new byte[1_000_000]), "compressed" },
        { "a picture", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3], "picture" },
        { "binary", [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7))], "not text" },
        { "a fault in UTF-8", [.. Encoding.UTF8.GetBytes("phone,first name\n+14155550132,Jürgen\n+14155550133,J"), 0xFC, .. "rgen\n"u8], "windows-1252" },
        { "wrong encoding far in", [.. "phone\n"u8, .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("+14155550132\n", 9_000))), 0xE9, (byte)'\n'], "not utf-8" },
        { "a zero far in", [.. "phone\n"u8, .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("+14155550132\n", 9_000))), 0, (byte)'\n'], "U+0000" },
        { "a million columns", Encoding.UTF8.GetBytes(new string(',', 1_000_000)), "columns" },
        { "an open quote", [.. "phone\n\""u8, .. new byte[2_000_000].Select(_ => (byte)'x')], "quote" },
        { "an endless line", [.. "phone\n"u8, .. new byte[2_000_000].Select(_ => (byte)'x')], "longer" },
        { "prose", Encoding.UTF8.GetBytes("Dear all,\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"this, is, {i} no table, at all\n"))), "Most rows" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task A_bad_file_is_refused_soon_with_its_reason_and_leaves_nothing(string what, byte[] file, string reason)
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var before = await Snapshot.OfAsync(server.Database, user.Id);
        var watch = Stopwatch.StartNew();

        var problem = await RefusedAsync(400, () => user.UploadAsync(file, $"{what}.csv"));

        Assert.Contains(reason, problem.Errors!["file"].Single());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
        var after = await Snapshot.OfAsync(server.Database, user.Id);
        Assert.All(before.Where(t => t.Key != "counters"), t => Assert.Equal(t.Value, after[t.Key]));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        using var breaking = new CancellationTokenSource();
        var lines = ImportFiles.Lines(50_000).Select((line, i) =>
        {
            if (i == 20_000)
            {
                breaking.Cancel();
            }
            return line;
        });

        await Assert.ThrowsAnyAsync<Exception>(() => user.Api.Imports.UploadAsync(new MadeFile(lines.Prepend("phone,a,b,c,d\n")), "broken.csv", cancellation: breaking.Token));

        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(20) && (await user.Api.Imports.ListAsync()).Data.Count > 0; await Task.Delay(100))
        {
        }
        var counts = await Snapshot.CountAsync(server.Database, user.Id);
        // The one job is the audit log's own.
        Assert.Equal((0, 0, 1), (counts["imports"], counts["import_rows"], counts["jobs"]));
    }

    [Fact]
    public async Task A_form_with_a_file_is_taken_too()
    {
        var user = await server.NewUserAsync();
        var part = new ByteArrayContent("phone\n+14155550132\n"u8.ToArray());
        part.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var form = new MultipartFormDataContent { { new StringContent("x"), "other" }, { part, "file", "fair.csv" } };

        var answer = await user.Http.PostAsync("/api/imports", form);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(("fair.csv", 1), (await user.Api.Imports.ListAsync()).Data.Select(i => (i.FileName, i.Counts.Rows)).Single());
    }

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("multipart/form-data", 400)]
    [InlineData("multipart/form-data; boundary=x", 400)]
    public async Task Another_kind_of_body_is_refused(string type, int status) =>
        await (await (await server.NewUserAsync()).SendAsync("POST", "/api/imports", "phone\n+14155550132\n", type)).ProblemAsync(status);

    [Fact]
    public async Task A_packed_body_is_refused_unread()
    {
        var user = await server.NewUserAsync();
        var content = new ByteArrayContent(Pack(new byte[10_000_000]));
        content.Headers.ContentType = new("text/csv");
        content.Headers.ContentEncoding.Add("gzip");

        await (await user.Http.PostAsync("/api/imports?filename=a.csv", content)).ProblemAsync(415);
    }

    [Fact]
    public async Task A_limited_plan_limits_the_file_too()
    {
        var user = await server.NewUserAsync();

        var problem = await RefusedAsync(403, () => user.Api.Imports.UploadAsync(new MadeFile(ImportFiles.Lines(12_000).Prepend("phone,a,b,c,d\n")), "large.csv"));

        Assert.EndsWith("plan-limit-reached", problem.Type);
        Assert.Equal(0, (await Snapshot.CountAsync(server.Database, user.Id))["import_rows"]);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }
}
