namespace Passthrough.Sdk.Testing;

/// <content>What can be wrong with the host on purpose.</content>
public sealed partial class TestHost
{
    /// <summary>The IOMMU is off: by the kernel's parameters (Intel, AMD), in the firmware's tables (Arm), or by Xen's parameters. There are no IOMMU groups.</summary>
    public TestHost WithoutIommu() => Describe(() => _isSwitchedOff = true);

    /// <summary>The firmware provides no table of an IOMMU, as on a machine without one, or one whose firmware switches it off.</summary>
    public TestHost WithoutIommuTable() => Describe(() =>
    {
        _hasTable = false;
        foreach (var table in (ReadOnlySpan<string>)["DMAR", "RMAD", "IVRS", "IORT"])
        {
            var path = $"/sys/firmware/acpi/tables/{table}";
            _faults.Add(files => files.Remove(path));
        }
    });

    /// <summary>The IOMMU does not remap interrupts, so a guest could send any interrupt to the host (Intel, AMD).</summary>
    public TestHost WithoutInterruptRemapping() => Describe(() => _faults.Add(files =>
        files.WriteFile("/proc/interrupts", "           CPU0\n 24:          9   PCI-MSI-0000:01:00.0   0-edge      eth0\n")));

    /// <summary>VFIO is installed, but not loaded (in a Xen dom0, pciback). No card can be bound to it (<see cref="BoundTo"/>).</summary>
    public TestHost WithoutVfio() => Describe(() =>
    {
        _hasVfio = false;
        _faults.Add(RemoveVfio);
    });

    private static void RemoveVfio(FakeHost files)
    {
        foreach (var path in (ReadOnlySpan<string>)["/dev/vfio", "/sys/module/vfio", "/sys/module/vfio_pci", "/sys/module/vfio_pci_core", "/sys/module/vfio_iommu_type1", "/sys/module/xen_pciback", "/sys/bus/pci/drivers/vfio-pci", "/sys/bus/pci/drivers/pciback"])
        {
            files.Remove(path);
        }

        files.WriteFile("/proc/modules", "");
    }
}
