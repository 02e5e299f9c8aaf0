using System.Diagnostics;
using System.Text;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Explain.Translations;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Mutates every known message and puts it through explain: nothing may throw, hang, or take longer than its length allows.</summary>
/// <param name="snapshot">The host that the messages are explained on.</param>
/// <param name="seed">The same seed gives the same texts.</param>
internal sealed class ExplainFuzz(HostSnapshot snapshot, int seed)
{
    private static readonly string[] Pieces =
    [
        "'", "\"", "\u201e", "\u00ab\u00a0", "\u00a0\u00bb", "\\'", "`", ": ", "\n", "\r\n", "\0", "\ud800", "\u001b[31m", "&quot;", "\uff1a", "\u200d", "{device}", "%1$s", "%", "[", "]", "<6>", "[  1.0] ", "2026-11-24T10:00:00Z ",
        "Nov 23 15:37:00 host kernel: ", "qemu-system-x86_64: ", "-device vfio-pci,host=", "0000:01:00.0", "0x01:0x00.0", "pci_0000_01_00_0", "99999999999999999999", "/sys/bus/pci/devices/", "/dev/vfio/", "$ echo 1 > ",
        "write error: ", "No such device", "error -22", "Keine Berechtigung", "\u9519\u8bef\uff1a", "group ", "domain '", "ATTR{", "[Errno 16] ", "c60cc60c-c60c-c60c-c60c-c60cc60cc60c", " ", "\t", "  ", "::::", "....", "____",
    ];

    private static readonly string[] Seeds =
        [.. MessageExamples.All.Select(example => example.Text), .. BuiltInTranslations.All.Select(row => row.Translation), "bash: echo: write error: Invalid argument", "error: Failed to start domain 'vm1'"];

    private readonly Random _random = new(seed);

    /// <summary>How many texts were recognised.</summary>
    public long Recognised { get; private set; }

    /// <summary>The longest time that a text took, and its length.</summary>
    public (TimeSpan Time, int Length, string Text) Slowest { get; private set; } = (TimeSpan.Zero, 0, "");

    /// <summary>Explains mutated messages.</summary>
    /// <param name="count">How many.</param>
    public void Run(long count)
    {
        for (var i = 0L; i < count; i++)
        {
            var text = Next();
            var start = Stopwatch.GetTimestamp();
            var explanation = snapshot.Explain(text);
            var time = Stopwatch.GetElapsedTime(start);
            Recognised += explanation.IsRecognised ? 1 : 0;
            if (time > Slowest.Time && i > 1000 && Fastest(text) is var fastest && fastest > Slowest.Time)
            {
                Slowest = (fastest, text.Length, text);
            }

            foreach (var finding in explanation.Findings)
            {
                if (finding.Title.Length == 0 || finding.Evidence.IsEmpty)
                {
                    throw new InvalidOperationException($"a finding without title or evidence, for: {text}");
                }
            }
        }
    }

    // What the machine did meanwhile is not the text's: the best of a few runs counts.
    private TimeSpan Fastest(string text)
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = snapshot.Explain(text);
            var time = Stopwatch.GetElapsedTime(start);
            fastest = time < fastest ? time : fastest;
        }

        return fastest;
    }

    private string Next()
    {
        var text = new StringBuilder();
        for (var lines = _random.Next(1, 4); lines > 0; lines--)
        {
            text.Append(Seeds[_random.Next(Seeds.Length)]).Append(lines > 1 ? "\n" : "");
        }

        for (var changes = _random.Next(0, 6); changes > 0; changes--)
        {
            var at = _random.Next(text.Length + 1);
            switch (_random.Next(7))
            {
                case 0 when at < text.Length:
                    text.Remove(at, Math.Min(_random.Next(1, 12), text.Length - at));
                    break;
                case 1 when at < text.Length:
                    text[at] = (char)_random.Next(0x250);
                    break;
                case 2 when at < text.Length:
                    text.Insert(_random.Next(text.Length + 1), text.ToString(at, Math.Min(_random.Next(1, 40), text.Length - at)));
                    break;
                case 3 when text.Length is > 0 and < 2000 && _random.Next(200) == 0:
                    // A long line: what repeats may not cost more than its length.
                    text.Insert(at, text.ToString(), Math.Min(40, 8000 / text.Length));
                    break;
                case 4 when at < text.Length:
                    text.Length = at;
                    break;
                default:
                    text.Insert(Math.Min(at, text.Length), Pieces[_random.Next(Pieces.Length)]);
                    break;
            }
        }

        return text.ToString();
    }
}
