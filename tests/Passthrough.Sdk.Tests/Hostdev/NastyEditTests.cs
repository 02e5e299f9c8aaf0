using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>Documents that are allowed and seldom: what is not edited stays, to the character.</summary>
public sealed class NastyEditTests
{
    private const string First = "<hostdev type='pci'><source><address bus='1'/></source></hostdev>";

    private static readonly PciHostDevice Nic = HostDeviceFactory.Nic(PciAddress.Parse("02:00.0"));

    [Theory]
    [InlineData("\ufeff<?xml version='1.0' encoding='ISO-8859-1'?>\r\n<!-- <hostdev/> -->\r\n<domain\ttype='kvm'\r\n>\r\n  <devices>\r\n    @\r\n  </devices>\r\n</domain>\r\n<!-- end -->\r\n")]
    [InlineData("<domain><name>&#x41;&amp;<![CDATA[<hostdev>]]></name><devices><!-- </devices> -->@<?keep <hostdev?></devices></domain>")]
    [InlineData("<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><devices>\n\t@\n</devices><qemu:commandline>\n<qemu:arg value='-device &quot;x&quot; >'/></qemu:commandline></domain>")]
    [InlineData("<domain><metadata><a:b xmlns:a='urn:a'><hostdev type='pci'/><devices><hostdev/></devices></a:b></metadata><devices  x='>'  >@</devices  ></domain>")]
    [InlineData("<domain>\r<devices>\r  @\r</devices>\r</domain>\r")]
    [InlineData("<domain><description>漢字 𐀀 é \t end</description><devices>text @ text</devices></domain>")]
    [InlineData("<domain><devices><emulator/></devices><devices>@</devices></domain>")]
    [InlineData("<domain><devices><hostdev mode='subsystem' type='usb'><source><vendor id='1'/><product id='2'/></source></hostdev>@<hostdev mode='subsystem' type='usb'><source><vendor id='3'/><product id='4'/></source></hostdev></devices></domain>")]
    public void An_edit_touches_its_own_bytes_only(string frame)
    {
        var text = frame.Replace("@", First, StringComparison.Ordinal);
        var document = DomainDocument.Parse(text);
        var device = document.FindPciDevice(PciAddress.Parse("01:00.0"))!;
        Assert.Equal(text, document.ToString());
        Assert.Equal(text, LibvirtXml.Rewrite(text));

        var (before, after) = Around(document.Replace(device, Nic).ToString(), Nic.ToXml(string.Empty).Length);
        Assert.Equal((frame[..frame.IndexOf('@', StringComparison.Ordinal)], frame[(frame.IndexOf('@', StringComparison.Ordinal) + 1)..]), (before, after));

        var removed = document.Remove(device).ToString();
        Assert.Equal(frame.Replace("@", string.Empty, StringComparison.Ordinal).Where(c => !char.IsWhiteSpace(c)), removed.Where(c => !char.IsWhiteSpace(c)));
        Assert.Equal(text, document.Add(Nic).Remove(Nic).ToString());
    }

    /// <summary>What stands before and behind the replaced device, which begins with its tag and ends with its end tag.</summary>
    private static (string Before, string After) Around(string text, int least)
    {
        var source = text.IndexOf("bus='0x02'", StringComparison.Ordinal);
        var start = text.LastIndexOf("<hostdev", source, StringComparison.Ordinal);
        var end = text.IndexOf("</hostdev>", source, StringComparison.Ordinal) + "</hostdev>".Length;
        Assert.True(end - start >= least);
        return (text[..start], text[end..]);
    }
}
