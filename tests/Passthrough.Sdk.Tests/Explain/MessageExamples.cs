using System.Text;
using Passthrough.Sdk.Explain;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>An example of every known message: the template with its names filled in as a program would.</summary>
internal static class MessageExamples
{
    public const string Uuid = "c60cc60c-c60c-c60c-c60c-c60cc60cc60c";
    private static readonly Dictionary<int, string> Reasons = new()
    {
        [1] = "Operation not permitted", [2] = "No such file or directory", [5] = "Input/output error", [12] = "Cannot allocate memory", [13] = "Permission denied",
        [16] = "Device or resource busy", [17] = "File exists", [19] = "No such device", [22] = "Invalid argument", [25] = "Inappropriate ioctl for device",
        [28] = "No space left on device", [34] = "Numerical result out of range", [38] = "Function not implemented", [87] = "Too many users", [95] = "Operation not supported",
    };

    public static IEnumerable<(ErrorPattern Pattern, string Text)> All => ErrorPatterns.All.Select(pattern => (pattern, Of(pattern)));

    public static string Of(ErrorPattern pattern)
    {
        var text = new StringBuilder();
        var rest = pattern.Template.Source.AsSpan().TrimStart('^');
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var close = rest.IndexOf('}');
            text.Append(rest[..open]).Append(Value(rest[(open + 1)..close].ToString(), pattern));
            rest = rest[(close + 1)..];
        }

        text.Append(rest);

        // What goes on behind its words.
        return text[^1] == ' ' ? text.Append("abc").ToString() : text.ToString();
    }

    private static string Value(string name, ErrorPattern pattern) => name switch
    {
        "device" => "0000:01:00.0",
        "other" => "0000:04:02.0",
        "guest" => "0000:00:05.0",
        "group" or "number" or "count" or "order" or "region" or "slot" => "9",
        "pid" => "4711",
        "mdev" or "uuid" => Uuid,
        "reason" => pattern.Errno is { } errno ? pattern.Template.Source.Contains("error -{", StringComparison.Ordinal) ? $"{errno}" : Reasons[errno] : "Exec format error",
        "path" => "/x/y",
        "pasid" or "detail" or "program" => " x ",
        "variant" => "",
        _ => "abc",
    };
}
