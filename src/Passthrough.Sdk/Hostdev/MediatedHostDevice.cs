using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A mediated device (a vGPU, a crypto queue, a channel device) that is assigned to a domain: <c>&lt;hostdev type='mdev'&gt;</c> (libvirt 3.2.0).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record MediatedHostDevice : HostDevice
{
    private static readonly string[] KnownAttributes = ["mode", "type", "managed", "model", "display", "ramfb"];
    private static readonly string[] KnownChildren = ["source", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Uuid"/> and <see cref="Model"/>.</summary>
    public MediatedHostDevice()
    {
    }

    [SetsRequiredMembers]
    internal MediatedHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        Refuse(element, "sgio");
        Refuse(element, "rawio");
        element.Require("model");
        Model = Words.Mediated(element, "model")!.Value;
        Display = element.OnOff("display");
        Ramfb = element.OnOff("ramfb");
        LacksDisplay = Ramfb is true && Display is not true;
        var source = element.Required("source");
        Refuse(source, "startupPolicy");
        var address = source.Required("address");
        var uuid = address.RequiredAttribute("uuid");
        Uuid = Guid.TryParse(uuid, out var value) ? value : throw address.Error($"'uuid' is '{uuid}' and must be a UUID");
        UnknownInSource = UnknownXml.Of(source, [], ["address"]);
        UnknownInAddress = UnknownXml.Of(address, ["uuid"], []);
    }

    /// <summary>Gets the device's UUID (<c>/sys/bus/mdev/devices</c>).</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Gets the kernel's interface to it.</summary>
    public required MediatedModel Model { get; init; }

    /// <summary>Gets whether the device shows a display in libvirt's graphics; vfio-pci only; null for the default, off. libvirt 4.6.0.</summary>
    public bool? Display { get; init; }

    /// <summary>Gets whether there is a framebuffer before the guest's driver runs; requires <see cref="Display"/>; only for one device of a domain. libvirt 5.10.0.</summary>
    public bool? Ramfb { get; init; }

    /// <inheritdoc/>
    public override string Type => "mdev";

    internal UnknownXml? UnknownInSource { get; init; }

    /// <summary>Whether the text it was read from has a framebuffer without a display, which libvirt stores but QEMU refuses at start.</summary>
    internal bool LacksDisplay { get; init; }

    internal UnknownXml? UnknownInAddress { get; init; }

    internal override bool HasFramebuffer => Ramfb is true;

    internal override DeviceIdentity Identity => new(Type, default, Uuid);

    internal override void Validate()
    {
        var rule = (Model, GuestAddress) switch
        {
            (MediatedModel.VfioPci, not (null or PciGuestAddress)) => "a mediated device of model 'vfio-pci' must use an address of type 'pci'",
            (MediatedModel.VfioCcw, not (null or CcwGuestAddress)) => "a mediated device of model 'vfio-ccw' must use an address of type 'ccw'",
            (not MediatedModel.VfioPci, _) when Display is true => "display='on' is only allowed for mediated devices of model 'vfio-pci'",
            (MediatedModel.VfioAp, _) when Boot is not null => "booting from assigned devices is not supported by mediated devices of model 'vfio-ap'",
            _ when Ramfb is true && Display is not true && !LacksDisplay => "ramfb='on' requires display='on'",
            _ => null,
        };
        if (rule is not null)
        {
            throw new LibvirtXmlException("hostdev", rule);
        }
    }

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml);
        xml.Attribute("model", Words.Of(Model));
        xml.OnOff("display", Display);
        xml.OnOff("ramfb", Ramfb);
        xml.Start("source", UnknownInSource);
        xml.Start("address", UnknownInAddress);
        xml.Attribute("uuid", Uuid.ToString("D"));
        xml.End();
        xml.End();
        WriteInfo(ref xml);
    }
}
