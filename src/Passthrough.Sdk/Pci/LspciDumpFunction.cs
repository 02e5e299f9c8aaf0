using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Pci;

/// <summary>One function of an <c>lspci</c> dump.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class LspciDumpFunction
{
    internal LspciDumpFunction(PciAddress address, ReadOnlySpan<byte> bytes)
    {
        Address = address;
        Configuration = PciConfigurationSpace.Parse(bytes);
    }

    /// <summary>Gets the address in the dump; the domain is 0 if the dump has none.</summary>
    public PciAddress Address { get; }

    /// <summary>Gets the configuration space, as far as the dump contains it.</summary>
    public PciConfigurationSpace Configuration { get; }

    /// <summary>Gets the subsystem vendor id: of the header, or of the bridge's subsystem capability; null if there is none.</summary>
    public ushort? SubsystemVendorId => Subsystem?.Vendor;

    /// <summary>Gets the subsystem id; null if there is none.</summary>
    public ushort? SubsystemDeviceId => Subsystem?.Device;

    private (ushort Vendor, ushort Device)? Subsystem => Configuration.Header switch
    {
        DeviceHeader header => Known(header.SubsystemVendorId, header.SubsystemDeviceId),
        CardBusHeader { SubsystemVendorId: { } vendor, SubsystemDeviceId: { } device } => Known(vendor, device),
        BridgeHeader when Configuration.Find<SubsystemCapability>() is { } own => Known(own.SubsystemVendorId, own.SubsystemDeviceId),
        _ => null,
    };

    private static (ushort Vendor, ushort Device)? Known(ushort vendor, ushort device) =>
        vendor is 0 or 0xffff ? null : (vendor, device);
}
