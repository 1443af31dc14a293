using System.Text;
using CsCheck;

namespace CallAgent.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b;1|2")]
    [InlineData("a,b\r\n1,2", "a|b;1|2")]
    [InlineData("a\rb", "a;b")]
    [InlineData("\"a,\"\"b\"\"\r\nc\",d", "a,\"b\"\r\nc|d")]
    [InlineData("a,\n,", "a|;|")]
    [InlineData("a\n\n\nb", "a;b")]
    [InlineData("\"\"\n", "")]
    [InlineData("a\"b,\"c\"d", "a\"b|cd")]
    public async Task Rows_are_read_as_spreadsheets_write_them(string text, string expected) =>
        Assert.Equal(expected, string.Join(';', (await ReadAsync(text)).Select(r => string.Join('|', r))));

    [Fact]
    public async Task Whatever_is_written_is_read_again_whatever_the_delimiter()
    {
        var cell = Gen.OneOf(Gen.String, Gen.OneOfConst("", "=1+1", "'=1", "''", "+14155550132", "-5", "a\"b", "a,b;c\td", "\r\n", " x ", "@x", "\t1"))
            .Select(s => s.Replace("\0", "", StringComparison.Ordinal).Replace("\uFFFE", "", StringComparison.Ordinal));
        await Gen.Select(cell.Array[1, 5].Array[1, 6], Gen.OneOfConst(',', ';', '\t', '|')).SampleAsync(async sample =>
        {
            var (rows, delimiter) = sample;
            var text = new StringBuilder();
            foreach (var row in rows)
            {
                CsvText.AppendRow(text, row, delimiter);
            }
            var read = await ReadAsync(text.ToString(), delimiter);
            // A line of one empty value is an empty line.
            Assert.Equal(rows.Where(r => r is not [""]).Select(r => string.Join('\u0001', r)), read.Select(r => string.Join('\u0001', r.Select(CsvText.Restore))));
        }, iter: 2_000);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("@SUM(1)")]
    [InlineData("+1+1")]
    [InlineData("-2+3")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\uFF1D1")]
    [InlineData("'=1")]
    public void A_value_that_could_be_a_formula_is_marked_and_comes_back(string value)
    {
        Assert.StartsWith("'", CsvText.Harmless(value));
        Assert.Equal(value, CsvText.Restore(CsvText.Harmless(value)));
    }

    [Theory]
    [InlineData("+14155550132")]
    [InlineData("-5")]
    [InlineData("it's")]
    [InlineData("'quoted'")]
    public void A_value_that_could_not_is_left_alone(string value) => Assert.Equal((value, value), (CsvText.Harmless(value), CsvText.Restore(value)));

    private static async Task<List<List<string>>> ReadAsync(string text, char delimiter = ',')
    {
        var (rows, reader) = (new List<List<string>>(), new CsvReader(new StringReader(text), delimiter));
        while (await reader.ReadAsync(CancellationToken.None) is { } row)
        {
            rows.Add(row);
        }
        return rows;
    }
}
