using System.Globalization;
using System.Linq.Expressions;

namespace CallAgent;

/// <summary>Ready-made filters and keys.</summary>
internal static class ListingParts
{
    public static Expression<Func<T, bool>>? IsGuid<T>(string value, Func<Guid, Expression<Func<T, bool>>> match) =>
        Guid.TryParseExact(value, "D", out var id) ? match(id) : null;

    public static Expression<Func<T, bool>>? IsBool<T>(string value, Func<bool, Expression<Func<T, bool>>> match) =>
        value switch { "true" => match(true), "false" => match(false), _ => null };

    public static Expression<Func<T, bool>>? IsNumber<T>(string value, Func<int, Expression<Func<T, bool>>> match) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? match(number) : null;

    public static Expression<Func<T, bool>>? IsTime<T>(string value, Func<DateTimeOffset, Expression<Func<T, bool>>> match) =>
        Client.UtcTimeJsonConverter.TryParse(value, out var time) ? match(time) : null;

    /// <summary>The least id that can be made at a time: version 7 begins with its milliseconds (RFC 9562).</summary>
    public static Guid FirstIdAt(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    public static string WriteTime(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    public static DateTimeOffset ReadTime(string text) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture));
}
