using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci;

/// <summary>The exception that is thrown when a host has no PCI function at an address.</summary>
public sealed class DeviceNotFoundException : PassthroughException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="address">The requested address.</param>
    /// <param name="reason">The clause that says what the host has instead.</param>
    public DeviceNotFoundException(PciAddress address, string reason)
        : base($"the host has no PCI function {address}: {reason}; PassthroughHost.Capture().Devices lists the existing ones, as lspci -D does") => Address = address;

    /// <summary>Gets the requested address.</summary>
    public PciAddress Address { get; }
}
