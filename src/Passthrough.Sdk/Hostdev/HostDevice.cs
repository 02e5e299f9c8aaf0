using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// A <c>&lt;hostdev&gt;</c>: a device of the host that a domain is given (libvirt: formatdomain, "Host device assignment").
/// </summary>
/// <remarks>
/// <para>
/// What libvirt would refuse is refused when the model is built, with <see cref="LibvirtXmlException"/>. Models are equal
/// when they mean the same, however they were written. What this library does not know is kept in <see cref="Unknown"/>.
/// </para>
/// <para>Thread safety: immutable.</para>
/// </remarks>
public abstract record HostDevice
{
    private protected HostDevice()
    {
    }

    private protected HostDevice(XmlElementView element, ReadOnlySpan<string> attributes, ReadOnlySpan<string> children)
    {
        Managed = element.YesNo("managed") ?? false;
        if (element.Single("alias") is { } alias)
        {
            Alias = alias.RequiredAttribute("name");
            UnknownInAlias = UnknownXml.Of(alias, ["name"], []);
        }

        Boot = element.Single("boot") is { } boot ? new(boot) : null;
        Rom = element.Single("rom") is { } rom ? new(rom) : null;
        Acpi = element.Single("acpi") is { } acpi ? new(acpi) : null;
        GuestAddress = element.Single("address") is { } address ? GuestAddress.Read(address) : null;
        Unknown = UnknownXml.Of(element, attributes, children);
    }

    /// <summary>
    /// Whether libvirt takes the device from the host's driver at start and gives it back at stop (<c>managed='yes'</c>).
    /// libvirt looks at it for PCI devices only. Absent means no.
    /// </summary>
    public bool Managed { get; init; }

    /// <summary>
    /// The name the device has in the domain; null leaves it to libvirt. A name of the user's begins with <c>ua-</c>
    /// (libvirt 3.9.0), others are libvirt's and change with each start.
    /// </summary>
    public string? Alias { get; init; }

    /// <summary>The place in the guest's boot order; null when it does not boot from the device. libvirt 0.8.8 for PCI, 1.0.1 for USB.</summary>
    public DeviceBoot? Boot { get; init; }

    /// <summary>The device's ROM as the guest sees it; null leaves the hypervisor's default.</summary>
    public DeviceRom? Rom { get; init; }

    /// <summary>ACPI properties of the device in the guest; null for none.</summary>
    public DeviceAcpi? Acpi { get; init; }

    /// <summary>Where the device is in the guest; null leaves it to libvirt.</summary>
    /// <exception cref="LibvirtXmlException">Such a device cannot have such an address.</exception>
    public GuestAddress? GuestAddress
    {
        get;
        init
        {
            CheckAddress(value);
            field = value;
        }
    }

    /// <summary>What stands in the element that this library does not know; null for nothing.</summary>
    public UnknownXml? Unknown { get; init; }

    internal UnknownXml? UnknownInAlias { get; init; }

    /// <summary>The word for its kind in the XML: <c>pci</c>, <c>usb</c>, <c>scsi</c>, <c>scsi_host</c>, <c>mdev</c>, <c>storage</c>, <c>misc</c> or <c>net</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Reads a <c>&lt;hostdev&gt;</c> element.</summary>
    /// <param name="xml">The element, as in a domain's XML or as given to <c>virsh attach-device</c>.</param>
    /// <exception cref="LibvirtXmlException">It is not well-formed, no host device, or one that libvirt would refuse.</exception>
    public static HostDevice Parse(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "hostdev" ? Read(root) : throw root.Error("is no host device; <hostdev> is expected");
    }

    /// <summary>The element as libvirt writes it, in libvirt's order (<c>virDomainHostdevDefFormat</c>).</summary>
    /// <exception cref="LibvirtXmlException">The model breaks a rule that spans its properties.</exception>
    public string ToXml() => ToXml("\n");

    /// <param name="newLine">A line end and the indentation of the element.</param>
    internal string ToXml(string newLine)
    {
        Validate();
        var xml = new XmlOut(newLine);
        try
        {
            xml.Start("hostdev", Unknown);
            Write(ref xml);
            xml.End();
            return xml.ToString();
        }
        finally
        {
            xml.Dispose();
        }
    }

    internal static HostDevice Read(XmlElementView element)
    {
        try
        {
            var type = element.RequiredAttribute("type");
            HostDevice device = (element.Attribute("mode") ?? "subsystem") switch
            {
                "subsystem" => type switch
                {
                    "pci" => new PciHostDevice(element),
                    _ => throw element.Error($"'type' is '{type}' and must be one of: pci, usb, scsi, scsi_host, mdev"),
                },
                var mode => throw element.Error($"'mode' is '{mode}' and must be 'subsystem' or 'capabilities'"),
            };
            device.Validate();
            return device;
        }
        catch (LibvirtXmlException e) when (e.Line is null && e.Rule is not null)
        {
            throw element.Error(e.Rule);
        }
    }

    /// <summary>Writes the attributes and children of the element that is open.</summary>
    internal abstract void Write(ref XmlOut xml);

    /// <summary>The rules that need the whole model; those of one property are checked when it is set.</summary>
    internal virtual void Validate()
    {
    }

    private protected static void Refuse(XmlElementView element, params ReadOnlySpan<string> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (element.Attribute(attribute) is not null)
            {
                throw element.Error($"'{attribute}' is not for host devices of this type");
            }
        }
    }

    private protected virtual void CheckAddress(GuestAddress? address)
    {
    }

    private protected void WriteKind(ref XmlOut xml, string mode = "subsystem")
    {
        xml.Attribute("mode", mode);
        xml.Attribute("type", Type);
        xml.YesNo("managed", mode == "subsystem" ? Managed : null);
    }

    private protected void WriteInfo(ref XmlOut xml)
    {
        Boot?.Write(ref xml);
        if (Alias is not null)
        {
            xml.Start("alias", UnknownInAlias);
            xml.Attribute("name", Alias);
            xml.End();
        }

        Rom?.Write(ref xml);
        Acpi?.Write(ref xml);
        GuestAddress?.Write(ref xml);
    }
}
