using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class XmlTreeTests
{
    [Theory]
    [InlineData("<a>\n<b>\n</a>", 3, "does not match <b>")]
    [InlineData("<a>\r\n\r<b x=1/></a>", 3, "not in quotes")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 1, "document type definitions are not allowed")]
    [InlineData("<a x='&#;'/>", 1, "'&' does not begin a reference")]
    [InlineData("<a>&b;</a>", 1, "'&' does not begin a reference")]
    [InlineData("<a>\n&#65\0;</a>", 2, "'&' does not begin a reference")]
    [InlineData("<a>&#x;</a>", 1, "'&' does not begin a reference")]
    [InlineData("<a>&#+1;</a>", 1, "'&' does not begin a reference")]
    [InlineData("<a>&#xd800;</a>", 1, "'&' does not begin a reference")]
    [InlineData("<a>&#x110000;</a>", 1, "'&' does not begin a reference")]
    [InlineData("<a>&#4294967361;</a>", 1, "'&' does not begin a reference")]
    [InlineData("<a x='\n\u0001'/>", 2, "0x0001 is not allowed")]
    [InlineData("<a>\n<!-- \u0001 --></a>", 2, "0x0001 is not allowed")]
    [InlineData("<a><![CDATA[\n\uffff]]></a>", 2, "0xffff is not allowed")]
    [InlineData("<a>]]></a>", 1, "']]>' occurs outside")]
    [InlineData("<a/ >", 1, "the tag contains '/'")]
    [InlineData("<a/><b/>", 1, "second root")]
    [InlineData("", 1, "no root element")]
    [InlineData("<a>\u0001</a>", 1, "0x0001 is not allowed")]
    [InlineData("<a x='1' x='2'/>", 1, "twice")]
    [InlineData("<p:a/>", 1, "prefix 'p' is not declared")]
    [InlineData("<a", 1, "not closed")]
    [InlineData("<?xml", 1, "an XML declaration must be at the very start")]
    [InlineData("\n<![CDATA[x]]><a/>", 2, "a name is expected here")]
    [InlineData("<a>\n<!ELEMENT b ANY></a>", 2, "a name is expected here")]
    public void What_is_not_well_formed_is_refused_with_its_line(string xml, int line, string rule)
    {
        var error = Assert.Throws<LibvirtXmlException>(() => XmlTree.Parse(xml));
        Assert.Equal(line, error.Line);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_refused_wherever_it_stands()
    {
        // Not as the data of a theory: half a character does not survive in metadata.
        foreach (var xml in (string[])["<a>\ud800</a>", "<a x='\udc00'/>", "<?a \udc00?><a/>", "<a><!-- \ud83d --></a>", "<a><![CDATA[\ude00\ud83d]]></a>"])
        {
            var error = Assert.Throws<LibvirtXmlException>(() => XmlTree.Parse(xml));
            Assert.Contains("is not allowed in XML", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("\ud83d\ude00", XmlTree.Parse("<a x='\ud83d\ude00'>\ud83d\ude00<!-- \ud83d\ude00 --></a>").Root.Attribute("x"));
    }

    [Fact]
    public void Depth_count_and_length_are_limited()
    {
        Assert.Equal(256, XmlTree.Parse(Nested(XmlLimits.Depth)).Count);
        Refused(Nested(XmlLimits.Depth + 1), "XML (line 1, column 769): elements are nested deeper than 256");
        Refused($"<a>{string.Concat(Enumerable.Repeat("<b/>", XmlLimits.Elements))}</a>", "XML (line 1, column 800000): there are more than 200000 elements");
        Assert.Throws<LibvirtXmlException>(() => XmlTree.Parse($"<a {string.Concat(Enumerable.Range(0, XmlLimits.AttributesOfAnElement + 1).Select(i => $"a{i}='' "))}/>"));
        Refused("<a/>" + new string(' ', XmlLimits.Length - 3), "XML: the text is longer than 16777216 characters");
        Assert.Equal(1, XmlTree.Parse("<a/>" + new string(' ', XmlLimits.Length - 4)).Count);

        static void Refused(string xml, string message) => Assert.Equal(message, Assert.Throws<LibvirtXmlException>(() => XmlTree.Parse(xml)).Message);
    }

    [Fact]
    public void An_instruction_is_not_the_declaration_of_the_document_and_the_first_letter_behind_ASCII_is_text()
    {
        Assert.Equal("a", XmlTree.Parse("<?abc d?><a/>").Root.Name.ToString());
        Assert.Equal("\u0080", XmlTree.Parse("<a>\u0080</a>").Root.Value);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("09afAF", true)]
    [InlineData("0g", false)]
    [InlineData("G", false)]
    [InlineData("0x1", false)]
    [InlineData("/", false)]
    [InlineData(":", false)]
    [InlineData("@", false)]
    [InlineData("`", false)]
    public void Hexadecimal_digits_are_of_either_case(string text, bool expected) => Assert.Equal(expected, Hexadecimal.IsAllDigits(text));

    [Fact]
    public void A_hexadecimal_digit_has_its_value()
    {
        Assert.Equal([0u, 9u, 10u, 15u, 10u, 15u], "09afAF".Select(Hexadecimal.Digit));
        Assert.All("/:@G`g", digit => Assert.InRange(Hexadecimal.Digit(digit), 16u, uint.MaxValue));
    }

    [Fact]
    public void Values_are_decoded()
    {
        var root = XmlTree.Parse("<a x='&lt;\n&#x41;&#66;&amp;'>1<![CDATA[<2>]]>&gt;\r\n<b>no</b><!-- no --><?no no?>3</a>").Root;
        Assert.Equal("< AB&", root.Attribute("x"));
        Assert.Equal("1<2>>\n3", root.Value);
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));
}
