using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.Tests.Persistence;

/// <summary>Models for the tests: a NIC behind a port, with a serial number.</summary>
internal static class PersistentDevices
{
    public const string Path = "pci0000:00/0000:00:10.0/0000:01:00.0";

    public static PciAddress Address { get; } = PciAddress.Parse("0000:01:00.0");

    public static PersistentIdentity Nic { get; } = new(
        Address,
        new PciIdentity(0x8086, 0x10d3)
        {
            SubsystemVendorId = 0x8086,
            SubsystemDeviceId = 0x0001,
            ClassCode = new PciClassCode(0x020000),
            SerialNumber = 0x5254_00ff_ff11_2233,
        },
        Path)
    {
        SerialNumberOffset = 0x140,
    };
}
