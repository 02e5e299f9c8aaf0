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
/// Values that libvirt would refuse cause a <see cref="LibvirtXmlException"/> when the model is built; rules that concern
/// several properties are checked when it is read, written or added to a document. Models are equal if they have the same meaning,
/// regardless of their spelling. Parts that this library does not know are kept in <see cref="Unknown"/>.
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
    /// Gets whether libvirt takes the device from the host's driver at start and returns it at stop (<c>managed='yes'</c>).
    /// libvirt uses it only for PCI devices. The default is false.
    /// </summary>
    public bool Managed { get; init; }

    /// <summary>
    /// Gets the name the device has in the domain; null lets libvirt choose it. User aliases begin with <c>ua-</c>
    /// (libvirt 3.9.0); libvirt ignores others and assigns its own at each start.
    /// </summary>
    public string? Alias { get; init; }

    /// <summary>Gets the position in the guest's boot order; null if the guest does not boot from the device. libvirt 0.8.8 for PCI, 1.0.1 for USB.</summary>
    public DeviceBoot? Boot { get; init; }

    /// <summary>Gets the device's ROM as the guest sees it; null for the hypervisor's default.</summary>
    public DeviceRom? Rom { get; init; }

    /// <summary>Gets the ACPI properties of the device in the guest; null for none.</summary>
    public DeviceAcpi? Acpi { get; init; }

    /// <summary>Gets the device's address in the guest; null lets libvirt choose it.</summary>
    /// <exception cref="LibvirtXmlException">The device cannot have an address of this kind.</exception>
    public GuestAddress? GuestAddress
    {
        get;
        init
        {
            CheckAddress(value);
            field = value;
        }
    }

    /// <summary>Gets the attributes and child elements that this library does not know; null for none.</summary>
    public UnknownXml? Unknown { get; init; }

    internal UnknownXml? UnknownInAlias { get; init; }

    /// <summary>The name of the element: <c>hostdev</c> or <c>interface</c>.</summary>
    internal abstract string ElementName { get; }

    /// <summary>Returns the element as libvirt writes it, in libvirt's order (<c>virDomainHostdevDefFormat</c>, <c>virDomainNetDefFormat</c>).</summary>
    /// <exception cref="LibvirtXmlException">The model violates a rule that concerns several properties.</exception>
    public string ToXml() => ToXml("\n");

    /// <summary>Returns several elements one after another, each as <see cref="ToXml()"/> writes it.</summary>
    /// <param name="devices">The devices.</param>
    /// <exception cref="LibvirtXmlException">A model violates a rule that concerns several properties.</exception>
    public static string ToXml(IEnumerable<PassthroughDevice> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return XmlOut.Write("\n", devices, static (all, ref xml) =>
        {
            foreach (var device in all)
            {
                device.WriteElement(ref xml);
            }
        });
    }

    /// <param name="newLine">A line end and the indentation of the element; empty writes one line.</param>
    internal string ToXml(string newLine) => XmlOut.Write(newLine, this, static (device, ref xml) => device.WriteElement(ref xml));

    /// <summary>The identity of the device for libvirt, which is unique in a domain (<c>virDomainHostdevMatch</c>).</summary>
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
