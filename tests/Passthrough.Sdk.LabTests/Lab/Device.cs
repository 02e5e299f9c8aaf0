using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Lab;

/// <summary>The lab's devices; see tests/lab/README.md.</summary>
internal static class Device
{
    public static PciAddress Nic { get; } = PciAddress.Parse("0000:01:00.0");

    public static PciAddress Sound { get; } = PciAddress.Parse("0000:00:1b.0");

    public static PciAddress RootPort { get; } = PciAddress.Parse("0000:00:10.0");

    /// <summary>One of two NICs behind one bridge: its group is shared.</summary>
    public static PciAddress SharedNic { get; } = PciAddress.Parse("0000:04:01.0");

    /// <summary>A card of two functions, which share a group (--card).</summary>
    public static PciAddress Card { get; } = PciAddress.Parse("0000:05:00.0");

    /// <summary>The card's other function.</summary>
    public static PciAddress CardTwo { get; } = PciAddress.Parse("0000:05:00.1");

    /// <summary>A NIC with SR-IOV (--igb).</summary>
    public static PciAddress Igb { get; } = PciAddress.Parse("0000:05:00.0");

    /// <summary>Its first virtual function.</summary>
    public static PciAddress IgbFirst { get; } = PciAddress.Parse("0000:05:10.0");

    /// <summary>Its second virtual function.</summary>
    public static PciAddress IgbSecond { get; } = PciAddress.Parse("0000:05:10.2");

    public static PciAddress Disk { get; } = PciAddress.Parse("0000:02:00.0");

    public static PciAddress BootDisplay { get; } = PciAddress.Parse("0000:00:01.0");

    public static PciAddress Absent { get; } = PciAddress.Parse("0000:09:00.0");

    /// <summary>The driver a device is on now; null for none. Read by ourselves, not through the library under test.</summary>
    public static string? DriverOf(PciAddress device)
    {
        var link = new FileInfo($"/sys/bus/pci/devices/{device}/driver").LinkTarget;
        return link is null ? null : Path.GetFileName(link);
    }
}
