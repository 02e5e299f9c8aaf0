using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Guards;

/// <summary>The same hook for libvirt's driver for Xen: a mounted disk stays with dom0 at <c>virsh start</c>, and a domain without devices starts.</summary>
/// <remarks>Explicit, since Xen takes minutes under emulation: docs/guarded-starts.md says when it passed last.</remarks>
[LabHost(Iommu.Vtd, Xen = true)]
public sealed class XenStartHookTests : IDisposable
{
    private const string Hook = "/etc/libvirt/hooks/libxl.d/passthrough";
    private const string DiskElement = "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source></hostdev>";

    public void Dispose()
    {
        Shell.Try("umount /mnt/hooked");
        Shell.Try($"{CommandLine.Program} hook remove --accept {FindingIds.StartHookEdited}");
        LibvirtDaemon.RestartWith(null);
    }

    [Fact(Explicit = true)]
    public void A_mounted_disk_stays_with_dom0_until_it_is_free()
    {
        Shell.Run("modprobe xen-pciback");
        var disk = Shell.Run("for try in $(seq 50); do ls /dev/nvme[0-9]n[0-9] 2>/dev/null && exit 0; sleep 0.2; done; exit 1");
        var (installed, output, problem) = Shell.Try($"{CommandLine.Program} hook install");
        Assert.True(installed == 0 && File.Exists(Hook), $"exit code {installed}: {output}{problem}");
        LibvirtDaemon.RestartWith(null);
        Assert.Equal(0, Shell.Try($"{CommandLine.Program} hook status").Code);
        using var vm = LabDomain.DefineOnXen("hooked", DiskElement);
        using var plain = LabDomain.DefineOnXen("plain", "");
        Shell.Run($"mkfs.ext4 -q -F {disk} && mkdir -p /mnt/hooked && mount {disk} /mnt/hooked && echo kept >/mnt/hooked/file && sync");

        var (code, _, errors) = Shell.Try("virsh -c xen:///system start hooked");

        Assert.True(code != 0, "it starts");
        Assert.Contains("the host has mounted /mnt/hooked", errors, StringComparison.Ordinal);
        Assert.Contains($"[{FindingIds.DeviceHoldsMountedFileSystem}]", errors, StringComparison.Ordinal);
        Assert.Equal("kept nvme", $"{Shell.Run("echo 3 >/proc/sys/vm/drop_caches; cat /mnt/hooked/file")} {Device.DriverOf(Device.Disk)}");
        plain.Domain.Start();
        plain.Domain.Destroy();

        Shell.Run("umount /mnt/hooked; virsh -c xen:///system start hooked");
        Assert.Equal("pciback", Device.DriverOf(Device.Disk));
    }
}
