using System.Runtime.CompilerServices;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// A device of the host in a domain: a <see cref="HostDevice"/> (<c>&lt;hostdev&gt;</c>) or a <see cref="HostInterface"/>
/// (<c>&lt;interface type='hostdev'&gt;</c>), and what both have in common.
/// </summary>
/// <remarks>
/// <para>
/// What libvirt would refuse is refused when the model is built, with <see cref="LibvirtXmlException"/>; rules that span
/// several properties, when it is read, written or added to a document. Models are equal when they mean the same,
/// however they were written. What this library does not know is kept in <see cref="Unknown"/>.
/// </para>
/// <para>Thread safety: immutable.</para>
/// </remarks>
public abstract record PassthroughDevice
{
    private protected PassthroughDevice()
    {
    }

    private protected PassthroughDevice(XmlElementView element, ReadOnlySpan<string> attributes, ReadOnlySpan<string> children)
    {
        Managed = element.YesNo("managed") ?? false;
        // One without a name says nothing: libvirt drops it.
        if (element.Single("alias") is { } alias && alias.Attribute("name") is { Length: > 0 } name)
        {
            Alias = name;
            UnknownInAlias = UnknownXml.Of(alias, ["name"], []);
        }

        // Each part by a method of its own: a method loads the types that it creates when it is entered, and a process's first
        // read has little else to wait for.
        Boot = element.Single("boot") is { } boot ? DeviceBoot.Read(boot) : null;
        Rom = element.Single("rom") is { } rom ? DeviceRom.Read(rom) : null;
        Acpi = element.Single("acpi") is { } acpi ? DeviceAcpi.Read(acpi) : null;
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
    /// (libvirt 3.9.0); libvirt drops others from what it is given and makes its own at each start.
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

    /// <summary>The name of the element: <c>hostdev</c> or <c>interface</c>.</summary>
    internal abstract string ElementName { get; }

    /// <summary>The element as libvirt writes it, in libvirt's order (<c>virDomainHostdevDefFormat</c>, <c>virDomainNetDefFormat</c>).</summary>
    /// <exception cref="LibvirtXmlException">The model breaks a rule that spans its properties.</exception>
    public string ToXml() => ToXml("\n");

    /// <summary>Several elements, one behind the other, each as <see cref="ToXml()"/> writes it.</summary>
    /// <param name="devices">The devices.</param>
    /// <exception cref="LibvirtXmlException">A model breaks a rule that spans its properties.</exception>
    public static string ToXml(IEnumerable<PassthroughDevice> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var xml = new XmlOut("\n");
        try
        {
            foreach (var device in devices)
            {
                device.WriteElement(ref xml);
            }

            return xml.ToString();
        }
        finally
        {
            xml.Dispose();
        }
    }

    /// <param name="newLine">A line end and the indentation of the element; empty writes one line.</param>
    internal string ToXml(string newLine)
    {
        var xml = new XmlOut(newLine);
        try
        {
            WriteElement(ref xml);
            return xml.ToString();
        }
        finally
        {
            xml.Dispose();
        }
    }

    /// <summary>What libvirt knows the device by: a domain has none twice (<c>virDomainHostdevMatch</c>).</summary>
    internal abstract DeviceIdentity Identity { get; }

    /// <summary>Reads the host devices of a domain, in the document's order; or a single <c>&lt;hostdev&gt;</c> or <c>&lt;interface type='hostdev'&gt;</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="LibvirtXmlException">It is not well-formed, none of these, or has a host device that libvirt would refuse.</exception>
    public static ValueList<PassthroughDevice> ParseAll(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "domain"
            ? DomainRules.Check(root).All()
            : [TryRead(root) ?? throw root.Error("is neither a domain nor a host device; <domain>, <hostdev> or <interface type='hostdev'> is expected")];
    }

    internal static PassthroughDevice ParseAny(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return TryRead(root) ?? throw root.Error("is not a host device;  <hostdev> or <interface type='hostdev'> is expected");
    }

    internal static PassthroughDevice? TryRead(XmlElementView element) =>
        element.Name is "hostdev" || (element.Name is "interface" && element.Is("type", "hostdev")) ? Read(element) : null;

    /// <summary>Writes the attributes and children of the element that is open.</summary>
    internal abstract void Write(ref XmlOut xml);

    /// <summary>The rules that need the whole model; those of one property are checked when it is set.</summary>
    internal virtual void Validate()
    {
    }

    /// <summary>Reads and validates; an error of a model that knows no text gets the element's place in it.</summary>
    private static PassthroughDevice Read(XmlElementView element)
    {
        try
        {
            PassthroughDevice device = element.Name is "hostdev" ? HostDevice.Dispatch(element) : Interface(element);
            device.Validate();
            return device;
        }
        catch (LibvirtXmlException e) when (e.Line is null && e.Rule is not null)
        {
            throw element.Error(e.Rule);
        }
    }

    // By a method of its own, as the parts are.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HostInterface Interface(XmlElementView element) => new(element);

    private protected static void Refuse(XmlElementView element, string attribute)
    {
        if (element.Has(attribute))
        {
            throw element.Error($"'{attribute}' is not allowed for host devices of this type");
        }
    }

    private void WriteElement(ref XmlOut xml)
    {
        Validate();
        xml.Start(ElementName, Unknown);
        Write(ref xml);
        xml.End();
    }

    private protected virtual void CheckAddress(GuestAddress? address)
    {
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
