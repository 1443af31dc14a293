using System.Net;
using System.Text;
using MimeKit;

namespace CallAgent;

/// <summary>A message to one person: a few sentences, perhaps with one link, as plain text and as simple HTML.</summary>
internal sealed record Mail(string To, string Subject)
{
    public required IReadOnlyList<string> Paragraphs { get; init; }

    /// <summary>The user that it is about, with whom it is erased where it is kept.</summary>
    public Guid UserId { get; init; }

    /// <summary>What to press, and where it leads.</summary>
    public (string Label, string Url)? Link { get; init; }

    /// <summary>What stands under the link.</summary>
    public string? Closing { get; init; }

    public MimeMessage Compose(MailboxAddress from, DateTimeOffset now)
    {
        var message = new MimeMessage { Subject = OneLine(Subject), Date = now, MessageId = $"{Guid.CreateVersion7(now):N}@{from.Domain}" };
        message.From.Add(from);
        message.To.Add(new MailboxAddress(null, To));
        // Nobody's out-of-office reply is wanted (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new BodyBuilder { TextBody = AsText(), HtmlBody = AsHtml() }.ToMessageBody();
        return message;
    }

    private string AsText() => string.Join("\n\n", Parts(Link?.Url)) + "\n";

    private string AsHtml()
    {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .Append(Encode(Subject))
            .Append("</title></head>\n<body style=\"margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff\">\n<div style=\"max-width:560px\">\n");
        foreach (var paragraph in Paragraphs)
        {
            html.Append("<p>").Append(Encode(paragraph)).Append("</p>\n");
        }
        if (Link is var (label, url))
        {
            html.Append("<p><a href=\"").Append(Encode(url)).Append("\">").Append(Encode(label)).Append("</a></p>\n");
        }
        if (Closing is { } closing)
        {
            html.Append("<p style=\"color:#59636e\">").Append(Encode(closing)).Append("</p>\n");
        }
        return html.Append("</div></body></html>\n").ToString();
    }

    private IEnumerable<string> Parts(string? url) => [.. Paragraphs, .. url is null ? [] : new[] { url }, .. Closing is null ? [] : new[] { Closing }];

    // Names of people and companies get into subjects; a line break in one must not begin a header.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
