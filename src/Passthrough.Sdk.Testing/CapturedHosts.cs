namespace Passthrough.Sdk.Testing;

/// <summary>
/// Real hosts, captured: what a kernel, its drivers and the firmware say of a machine, for tests that need more than a description. They are virtual
/// machines of QEMU with Debian's kernel, captured with <c>passthrough capture</c>. docs/testing.md lists their devices.
/// </summary>
/// <remarks>
/// Each call returns a new copy in memory, which captures, plans and acts (<see cref="TestHost.FromArchive(string)"/>). Names of machines, serial numbers and
/// hardware addresses are not in the archives. Thread safety: all members may be called from several threads at the same time.
/// </remarks>
/// <example>
/// <code>
/// using var host = CapturedHosts.VtdDesktop();
///
/// host.CheckDevice("0000:01:00.0").ShouldBeReady();
/// host.CheckDevice("0000:04:01.0").ShouldFind(FindingIds.GroupNotViable);
/// </code>
/// </example>
public static class CapturedHosts
{
    /// <summary>
    /// Copies a host with Intel VT-d and interrupt remapping. Its NIC 0000:01:00.0 is ready; two NICs behind a bridge, 0000:04:01.0 and 0000:04:02.0, share a group, and so do
    /// the ISA bridge, the disk controller and the SMBus controller at 0000:00:1f.
    /// </summary>
    public static TestHost VtdDesktop() => Of("vtd-desktop");

    /// <summary>Copies the same machine with AMD-Vi.</summary>
    public static TestHost AmdViDesktop() => Of("amdvi-desktop");

    /// <summary>Copies a host with Intel VT-d whose NVMe controller 0000:02:00.0 has two virtual functions; one of them is bound to vfio-pci.</summary>
    public static TestHost VtdVirtualFunctions() => Of("vtd-virtual-functions");

    /// <summary>Copies a host whose kernel parameters switch its VT-d off: it shows no IOMMU groups.</summary>
    public static TestHost VtdSwitchedOff() => Of("vtd-switched-off");

    /// <summary>Copies a Xen dom0 with VT-d, in which pciback holds the NIC 0000:01:00.0. Its emulated processor allows only paravirtualised guests, so it is not ready for fully virtualised ones.</summary>
    public static TestHost XenDom0() => Of("xen-dom0");

    private static TestHost Of(string name) => TestHost.FromArchive($"CapturedHosts.{name}", () => typeof(CapturedHosts).Assembly.GetManifestResourceStream($"{name}.tar.gz")!);
}
