using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci;

/// <summary>A host has no PCI function at an address.</summary>
public sealed class DeviceNotFoundException : PassthroughException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address that was asked for.</param>
    /// <param name="reason">What the host has instead, as the rest of a sentence.</param>
    public DeviceNotFoundException(PciAddress address, string reason)
        : base($"the host has no PCI function {address}: {reason}; PassthroughHost.Capture().Devices lists the existing ones, as lspci -D does") => Address = address;

    /// <summary>The address that was asked for.</summary>
    public PciAddress Address { get; }
}
