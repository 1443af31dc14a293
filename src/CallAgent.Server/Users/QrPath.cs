using System.Globalization;
using System.Text;
using QRCoder;

namespace CallAgent.Server;

/// <summary>Draws a QR code as the path of an SVG, its quiet zone included.</summary>
internal static class QrPath
{
    /// <summary>The length of a side in modules, and the dark ones as runs in each row.</summary>
    public static (int Size, string Path) Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                var begin = x;
                while (x < rows[y].Count && rows[y][x])
                {
                    x++;
                }
                if (x > begin)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{begin} {y}h{x - begin}v1h-{x - begin}z");
                }
            }
        }
        return (rows.Count, path.ToString());
    }
}
