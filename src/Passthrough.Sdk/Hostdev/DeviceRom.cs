using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The guest's view of a PCI device's option ROM: <c>&lt;rom bar='on' file='/path'/&gt;</c>.</summary>
/// <remarks>
/// A disabled ROM has neither bar nor file; a <c>with</c> expression that disables it must clear them first. Thread
/// safety: immutable.
/// </remarks>
public sealed record DeviceRom
{
    private static readonly string[] KnownAttributes = ["enabled", "bar", "file"];
    private const string Rule = "ROM tuning is not supported when the ROM is disabled: leave out 'bar' and 'file', or enabled='no'";

    /// <summary>Creates a setting with the defaults.</summary>
    public DeviceRom()
    {
    }

    private DeviceRom(XmlElementView element)
    {
        Enabled = element.YesNo("enabled");
        Bar = element.OnOff("bar");
        File = element.Attribute("file");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    internal static DeviceRom Read(XmlElementView element) => new(element);

    /// <summary>Gets whether the guest gets a ROM at all; null for the default, yes. libvirt 4.3.0.</summary>
    /// <exception cref="LibvirtXmlException">The value is false, but a bar or a file is set.</exception>
    public bool? Enabled
    {
        get;
        init
        {
            Check(value is false && (Bar is not null || File is not null));
            field = value;
        }
    }

    /// <summary>Gets whether the ROM is in the guest's memory map; null for the hypervisor's default. libvirt 0.9.7.</summary>
    /// <exception cref="LibvirtXmlException">The ROM is disabled.</exception>
    public bool? Bar
    {
        get;
        init
        {
            Check(value is not null && Enabled is false);
            field = value;
        }
    }

    /// <summary>Gets an absolute path on the host to an image used instead of the device's own; null for none. libvirt 0.9.10.</summary>
    /// <exception cref="LibvirtXmlException">The ROM is disabled.</exception>
    public string? File
    {
        get;
        init
        {
            Check(value is not null && Enabled is false);
            field = value;
        }
    }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("rom", Unknown);
        xml.YesNo("enabled", Enabled);
        xml.OnOff("bar", Bar);
        xml.Attribute("file", File);
        xml.End();
    }

    private static void Check(bool broken)
    {
        if (broken)
        {
            throw Broken();
        }
    }

    private static LibvirtXmlException Broken() => new("rom", Rule);
}
