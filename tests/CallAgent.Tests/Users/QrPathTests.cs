using System.Globalization;
using System.Text.RegularExpressions;
using CallAgent.Server;
using ZXing;
using ZXing.Common;

namespace CallAgent.Tests;

/// <summary>What the page draws is what an authenticator app reads.</summary>
public sealed partial class QrPathTests
{
    private const int Scale = 4;

    [Theory]
    [InlineData("ada@acme.example")]
    [InlineData("a.very.long.name.of.somebody.with.a.long.address+callagent@subdomain.of.a.company.example")]
    [InlineData("\"><script>@example.com")]
    public void The_drawn_code_says_the_secret(string email)
    {
        var uri = CallAgent.TwoFactor.UriOf(email, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

        var (size, path) = QrPath.Of(uri);

        var hints = new DecodingOptions { PossibleFormats = [BarcodeFormat.QR_CODE], TryHarder = true };
        var read = new BarcodeReaderGeneric { Options = hints }.Decode(Draw(size, path), size * Scale, size * Scale, RGBLuminanceSource.BitmapFormat.Gray8);
        Assert.Equal(uri, read?.Text);
    }

    // As a browser fills the path, in grey.
    private static byte[] Draw(int size, string path)
    {
        var pixels = new byte[size * Scale * size * Scale];
        Array.Fill(pixels, byte.MaxValue);
        foreach (Match run in Run().Matches(path))
        {
            var (x, y, length) = (Number(run, 1), Number(run, 2), Number(run, 3));
            for (var row = y * Scale; row < (y + 1) * Scale; row++)
            {
                Array.Fill(pixels, (byte)0, row * size * Scale + x * Scale, length * Scale);
            }
        }
        Assert.Equal(path, string.Concat(Run().Matches(path).Select(m => m.Value)));
        return pixels;
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"M(\d+) (\d+)h(\d+)v1h-\3z")]
    private static partial Regex Run();
}
