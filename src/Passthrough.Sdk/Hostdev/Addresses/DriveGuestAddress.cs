using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>An address on a disk controller of the guest: <c>&lt;address type='drive' controller='0' bus='0' target='0' unit='0'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DriveGuestAddress : GuestAddress
{
    private static readonly string[] KnownAttributes = ["type", "controller", "bus", "target", "unit"];

    /// <summary>Creates the first address.</summary>
    public DriveGuestAddress()
    {
    }

    internal DriveGuestAddress(XmlElementView element)
    {
        Controller = element.Decimal("controller") ?? 0;
        Bus = element.Decimal("bus") ?? 0;
        Target = element.Decimal("target") ?? 0;
        Unit = element.Decimal("unit") ?? 0;
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    /// <summary>Gets the index of the controller.</summary>
    public uint Controller { get; init; }

    /// <summary>Gets the bus of the controller.</summary>
    public uint Bus { get; init; }

    /// <summary>Gets the target on the bus.</summary>
    public uint Target { get; init; }

    /// <summary>Gets the unit of the target.</summary>
    public uint Unit { get; init; }

    /// <inheritdoc/>
    public override string Type => "drive";

    private protected override void WriteParts(ref XmlOut xml)
    {
        xml.Number("controller", Controller);
        xml.Number("bus", Bus);
        xml.Number("target", Target);
        xml.Number("unit", Unit);
    }
}
