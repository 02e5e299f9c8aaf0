using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Parts that many hosts of these tests have.</summary>
internal static class FakeHostParts
{
    public static FakeHost WithGroups(this FakeHost host) =>
        host.AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9);

    public static FakeHost WithRemapping(this FakeHost host) => host.WriteFile("/proc/interrupts", " 24: 9 IR-PCI-MSI 0-edge\n");

    public static FakeHost WithVfio(this FakeHost host) => host
        .WriteFile("/proc/modules", "vfio_pci 16384 0 - Live 0x0000000000000000\nvfio 45056 1 vfio_pci, Live 0x0000000000000000\n")
        .WriteFile("/dev/vfio/vfio", "");
}
