using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>
/// Throws broken documents at the readers. One exception is allowed; and what is well-formed to us must be well-formed
/// to .NET's XmlReader, with the same elements and values, and the other way round.
/// </summary>
internal sealed class HostdevFuzz(IReadOnlyList<string> seeds, int seed)
{
    private static readonly string[] Tokens =
    [
        "<", ">", "/>", "</", "&", "&amp;", "&#0;", "&#x10ffff;", "&#xd800;", "&lt", "'", "\"", "=", "<!--", "-->", "--", "<![CDATA[", "]]>",
        "<?", "?>", "<?xml version='1.0'?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "xmlns=''", "xmlns:a='b'", "xml:lang=''", "a:b", ":", "\0",
        "\ud800", "\udc00", "\uffff", "\ufeff", "\r\n", "\r", "\t", "0x", "0xffffffffffffffffff", "-1", "99999999999", "yes", "no", "on",
        "<hostdev type='pci'>", "</hostdev>", "<source>", "<address/>", "<address type='pci'/>", "<alias name='ua-x'/>", "<interface type='hostdev'>",
        "type='mdev'", "type='usb'", "mode='capabilities'", "<rom enabled='no'/>", "<capability type='pci'>", "<zpci uid='1'/>", "é", "漢", "𐀀",
    ];

    private static readonly Regex Declaration = new(
        """^\ufeff?<\?xml\s+version\s*=\s*['"]1\.0['"](\s+encoding\s*=\s*['"][A-Za-z][A-Za-z0-9._-]*['"])?(\s+standalone\s*=\s*['"](yes|no)['"])?\s*\?>""",
        RegexOptions.CultureInvariant);

    private readonly Random _random = new(seed);

    /// <summary>How many inputs were read without an error.</summary>
    public long Accepted { get; private set; }

    /// <summary>How many were compared with XmlReader.</summary>
    public long Compared { get; private set; }

    /// <summary>The most bytes one input made the readers allocate, and its length in characters.</summary>
    public (long Bytes, int Length) Largest { get; private set; }

    /// <summary>Reads so many mutated inputs.</summary>
    /// <param name="count">How many.</param>
    /// <param name="compareEach">Every so many is compared with XmlReader, which is slower than all the rest.</param>
    public void Run(long count, int compareEach)
    {
        for (long i = 0; i < count; i++)
        {
            var input = Mutate();
            try
            {
                Read(input);
                if (i % compareEach == 0)
                {
                    Compare(input);
                }
            }
            catch (Exception e) when (e is not LibvirtXmlException)
            {
                throw new InvalidOperationException($"input {i}: {e.GetType().Name} {e.Message}\n{input}", e);
            }
        }
    }

    private void Read(string input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            LibvirtXml.Rewrite(input);
            Accepted++;
        }
        catch (LibvirtXmlException)
        {
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes > Largest.Bytes)
        {
            Largest = (bytes, input.Length);
        }
    }

    private void Compare(string input)
    {
        if (HasOddDeclaration(input))
        {
            return;
        }

        Compared++;
        var ours = Ours(input);
        var theirs = Theirs(input);
        if (ours != theirs)
        {
            throw new InvalidOperationException($"we see [{ours ?? "an error"}], XmlReader sees [{theirs ?? "an error"}]");
        }
    }

    /// <summary>Whether an XML declaration is not as XML asks: XmlReader takes version 1.0.0 and any encoding, we do not.</summary>
    private static bool HasOddDeclaration(string input) =>
        input.TrimStart('\ufeff').StartsWith("<?xml", StringComparison.Ordinal) && !Declaration.IsMatch(input);

    private static string? Ours(string input)
    {
        try
        {
            var tree = XmlTree.Parse(input);
            var text = new StringBuilder();
            for (var i = 0; i < tree.Count; i++)
            {
                var element = new XmlElementView(tree, i);
                text.Append('<').Append(element.Name);
                for (var j = element.FirstAttribute; j < element.EndOfAttributes; j++)
                {
                    ref readonly var attribute = ref tree.AttributeAt(j);
                    text.Append(' ').Append(element.NameOf(in attribute)).Append('=').Append(element.ValueOf(in attribute));
                }

                text.Append('>').Append(element.Value);
            }

            return text.ToString();
        }
        catch (LibvirtXmlException)
        {
            return null;
        }
    }

    private static string? Theirs(string input)
    {
        try
        {
            // A byte order mark that decoding left is ours to step over; XmlReader takes it for text.
            using var reader = XmlReader.Create(
                new StringReader(input.StartsWith('\ufeff') ? input[1..] : input), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = true });
            var document = System.Xml.Linq.XDocument.Load(reader, System.Xml.Linq.LoadOptions.PreserveWhitespace);
            var text = new StringBuilder();
            foreach (var element in document.Descendants())
            {
                Name(text.Append('<'), element.GetPrefixOfNamespace(element.Name.Namespace), element, input);
                foreach (var attribute in element.Attributes())
                {
                    text.Append(' ').Append(attribute.ToString().AsSpan(0, attribute.ToString().IndexOf('='))).Append('=').Append(attribute.Value);
                }

                text.Append('>');
                foreach (var part in element.Nodes().OfType<System.Xml.Linq.XText>())
                {
                    text.Append(part.Value);
                }
            }

            return text.ToString();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static void Name(StringBuilder text, string? prefix, System.Xml.Linq.XElement element, string input) =>
        text.Append(prefix is { Length: > 0 } && input.Contains($"<{prefix}:", StringComparison.Ordinal) ? prefix + ":" : string.Empty).Append(element.Name.LocalName);

    private string Mutate()
    {
        var text = new StringBuilder(seeds[_random.Next(seeds.Count)]);
        for (var times = _random.Next(1, 6); times > 0; times--)
        {
            var at = _random.Next(text.Length + 1);
            var length = Math.Min(text.Length - at, _random.Next(1, 40));
            switch (_random.Next(7))
            {
                case 0 when length > 0:
                    text.Remove(at, length);
                    break;
                case 1 when length > 0:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 2 when at < text.Length:
                    text[at] = (char)_random.Next(0x80);
                    break;
                case 3:
                    var other = seeds[_random.Next(seeds.Count)];
                    var from = _random.Next(other.Length);
                    text.Insert(at, other.AsSpan(from, Math.Min(other.Length - from, _random.Next(1, 200))));
                    break;
                case 4 when length > 0:
                    text.Length = at;
                    break;
                default:
                    text.Insert(at, Tokens[_random.Next(Tokens.Length)]);
                    break;
            }
        }

        return text.ToString();
    }
}
