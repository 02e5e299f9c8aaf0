using System.Xml;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class AcceptedFindingsTests
{
    private const string Namespace = "xmlns:passthrough='urn:passthrough-sdk:accepted'";

    [Fact]
    public void Ids_are_read_from_the_metadata_without_blanks_and_each_once()
    {
        var ids = AcceptedFindings.Read($"""
            <domain type='kvm'>
              <name>a</name><vcpu/>
              <metadata>
                <other:os xmlns:other='urn:other'><other:none/></other:os>
                <passthrough:accepted {Namespace}>
                  <!-- by hand -->
                  <passthrough:finding> device.is-boot-display </passthrough:finding>
                  <passthrough:finding/>
                  <passthrough:finding>group.not-viable</passthrough:finding>
                  <passthrough:finding>device.is-boot-display</passthrough:finding>
                </passthrough:accepted>
              </metadata>
              <devices/>
            </domain>
            """);
        Assert.Equal(["device.is-boot-display", "group.not-viable"], ids);
    }

    [Theory]
    [InlineData("<domain><metadata><passthrough:accepted {0}>text</passthrough:accepted></metadata></domain>")]
    [InlineData("<domain><metadata><passthrough:accepted {0}><finding>x</finding></passthrough:accepted></metadata></domain>")]
    [InlineData("<domain {0}><metadata><accepted><passthrough:finding>x</passthrough:finding></accepted></metadata></domain>")]
    [InlineData("<domain {0}><devices><passthrough:accepted><passthrough:finding>x</passthrough:finding></passthrough:accepted></devices></domain>")]
    [InlineData("<domain {0}><metadata><passthrough:accepted><passthrough:finding><b>x</b></passthrough:finding></passthrough:accepted></metadata></domain>")]
    [InlineData("<domain {0}><os><firmware><feature>x</feature></firmware></os></domain>")]
    [InlineData("<domain><metadata><o:accepted xmlns:o='urn:other'><o:finding>x</o:finding></o:accepted></metadata></domain>")]
    [InlineData("<domain/>")]
    public void Text_at_any_other_place_is_not_an_id(string xml) =>
        Assert.Empty(AcceptedFindings.Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, xml, Namespace)));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var element = AcceptedFindings.Write(["device.is-boot-display", "a<&'b"]);
        Assert.Equal("<accepted><finding>device.is-boot-display</finding><finding>a&lt;&amp;&apos;b</finding></accepted>", element);

        // libvirt puts the namespace on the element and on all elements in it.
        var stored = element!.Replace("</", "</passthrough:", StringComparison.Ordinal).Replace("<finding", "<passthrough:finding", StringComparison.Ordinal)
            .Replace("<accepted", $"<passthrough:accepted {Namespace}", StringComparison.Ordinal);
        Assert.Equal(["device.is-boot-display", "a<&'b"], AcceptedFindings.Read($"<domain><metadata>{stored}</metadata></domain>"));
    }

    [Fact]
    public void Without_an_id_the_element_is_removed() => Assert.Null(AcceptedFindings.Write([]));

    [Fact]
    public void What_is_not_XML_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => AcceptedFindings.Read(null!));
        Assert.Throws<XmlException>(() => AcceptedFindings.Read($"<domain {Namespace}>"));
        Assert.Throws<XmlException>(() => AcceptedFindings.Read($"<!DOCTYPE domain [<!ENTITY a 'b'>]><domain {Namespace}/>"));
    }
}
