using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Starts;

namespace Passthrough.LabTests.Guards;

/// <summary>
/// The guards are asked at each start of a domain, whoever starts it: without the hook, libvirt takes a mounted disk from the host at
/// <c>virsh start</c>, however long ago the assignment was.
/// </summary>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class StartHookTests : IDisposable
{
    private const string Hook = "/etc/libvirt/hooks/qemu.d/passthrough";
    private const string Autostarted = "/run/libvirt/qemu/autostarted"; // libvirt starts such domains once after a boot
    private const string DiskElement = "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source></hostdev>";
    private const string DisplayElement = "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x00' slot='0x01' function='0x0'/></source></hostdev>";

    private readonly string _disk;

    public StartHookTests()
    {
        Shell.Run("modprobe vfio-pci");
        _disk = Shell.Run("for try in $(seq 50); do ls /dev/nvme[0-9]n[0-9] 2>/dev/null && exit 0; sleep 0.2; done; exit 1");
    }

    public void Dispose()
    {
        Shell.Try("umount /mnt/hooked");
        Shell.Try($"{CommandLine.Program} hook remove --accept {FindingIds.StartHookEdited}");
        LibvirtDaemon.RestartWith(null);
    }

    [Fact]
    public void A_mounted_disk_stays_with_the_host_at_virsh_start_at_autostart_and_after_a_restart_of_libvirt()
    {
        Install();
        using var vm = LabDomain.Define("hooked", devices: DiskElement);
        using var plain = LabDomain.Define("plain");
        Shell.Run($"mkfs.ext4 -q -F {_disk} && mkdir -p /mnt/hooked && mount {_disk} /mnt/hooked && echo kept >/mnt/hooked/file && sync");

        var (code, _, errors) = Shell.Try("virsh start hooked");
        Assert.True(code != 0, Shell.Run("cat /etc/libvirt/hooks/qemu.d/passthrough; ls -la --time-style=full-iso /run/libvirtd.pid /etc/libvirt/hooks/qemu.d; mount | grep hooked; virsh dumpxml hooked; tail -n 20 /var/log/libvirt/libvirtd.log 2>/dev/null || true"));
        Assert.Contains("the host has mounted /mnt/hooked", errors, StringComparison.Ordinal);
        Assert.Contains($"[{FindingIds.DeviceHoldsMountedFileSystem}]", errors, StringComparison.Ordinal);
        Assert.Equal("kept", Read());

        plain.Domain.Start();
        plain.Domain.Destroy();

        Shell.Run("virsh autostart hooked; virsh autostart plain");
        Shell.Run($"rm -f {Autostarted}");
        LibvirtDaemon.RestartWith(null);
        Shell.Run("for i in $(seq 100); do [ \"$(virsh domstate plain)\" = running ] && exit 0; sleep 0.2; done; exit 1");
        Assert.Equal("shut off", Shell.Run("virsh domstate hooked | head -n 1"));
        Assert.Equal("kept", Read());
        Assert.NotEqual(0, Shell.Try("virsh start hooked").Code);
        Shell.Run("virsh autostart --disable hooked; virsh autostart --disable plain; virsh destroy plain; umount /mnt/hooked");

        // Nothing holds the disk any longer.
        Shell.Run("virsh start hooked");
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Disk));
        Shell.Run("virsh destroy hooked; udevadm settle");
        Assert.Equal("nvme", Device.DriverOf(Device.Disk));

        string Read() => Shell.Run("echo 3 >/proc/sys/vm/drop_caches; cat /mnt/hooked/file");
    }

    [Fact]
    public void What_was_accepted_for_a_domain_is_not_refused_again_at_its_start()
    {
        Install();
        using var vm = LabDomain.Define("screen");
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} assign {Device.BootDisplay} --domain screen --yes");
        Assert.True(code == 1, $"exit code {code}: {output}{errors}");
        Assert.Contains(FindingIds.DeviceIsBootDisplay, errors, StringComparison.Ordinal);

        Shell.Run($"{CommandLine.Program} assign {Device.BootDisplay} --domain screen --yes --accept {FindingIds.DeviceIsBootDisplay}");
        Assert.Contains($">{FindingIds.DeviceIsBootDisplay}<", vm.Definition, StringComparison.Ordinal);
        Assert.False(PassthroughHost.Local().CheckStart(vm.Definition).IsRefused);
        Shell.Run($"{CommandLine.Program} hook run <<'XML'\n{vm.Definition}\nXML");

        Shell.Run($"{CommandLine.Program} release {Device.BootDisplay} --domain screen");
        Assert.DoesNotContain("<hostdev", vm.Definition, StringComparison.Ordinal);
        Assert.DoesNotContain(FindingIds.DeviceIsBootDisplay, vm.Definition, StringComparison.Ordinal);

        // It had the device before it was accepted.
        Shell.Run($"{CommandLine.Program} assign {Device.BootDisplay} --domain screen --yes --accept {FindingIds.DeviceIsBootDisplay}");
        Shell.Run($"virsh metadata screen --config --uri {Sdk.Hostdev.Domains.AcceptedFindings.NamespaceUri} --remove");
        Assert.True(PassthroughHost.Local().CheckStart(vm.Definition).IsRefused);
        Shell.Run($"{CommandLine.Program} assign {Device.BootDisplay} --domain screen --yes --accept {FindingIds.DeviceIsBootDisplay}");
        Assert.False(PassthroughHost.Local().CheckStart(vm.Definition).IsRefused);
        Shell.Run($"{CommandLine.Program} release {Device.BootDisplay} --domain screen");

        // Assigned by somebody who accepted nothing.
        using var other = LabDomain.Define("other", devices: DisplayElement);
        (code, _, errors) = Shell.Try("virsh start other");
        Assert.NotEqual(0, code);
        Assert.Contains($"[{FindingIds.DeviceIsBootDisplay}]", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_program_the_hook_fails_closed_or_open_as_configured_and_never_for_other_domains()
    {
        using var nic = LabDomain.Define("nic", devices: DiskElement);
        using var plain = LabDomain.Define("plain");
        foreach (var (allows, starts) in new[] { (false, false), (true, true) })
        {
            await PassthroughHost.Local().PlanStartHook(new() { Command = ["/run/no-such-program"], AllowsOnFailure = allows }).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            LibvirtDaemon.RestartWith(null);
            Assert.Equal(StartHookState.ProgramMissing, PassthroughHost.Local().ReadStartHook().State);
            var (code, _, errors) = Shell.Try("virsh start nic");
            Assert.True((code == 0) == starts, $"exit code {code}: {errors}");
            if (!starts)
            {
                Assert.Contains("the guards could not be asked about the domain nic", errors, StringComparison.Ordinal);
            }

            Shell.Try("virsh destroy nic");
            Shell.Run("virsh start plain; virsh destroy plain");
        }
    }

    [Fact]
    public void It_lives_beside_other_hooks_and_leaves_no_trace()
    {
        Assert.Equal(StartHookState.Absent, PassthroughHost.Local().ReadStartHook().State);
        Shell.Run($"{CommandLine.Program} hook install");
        var (code, output, _) = Shell.Try($"{CommandLine.Program} hook status");
        Assert.True(code == 1, output);
        Assert.StartsWith("notInEffect: libvirtd has been running since before", output, StringComparison.Ordinal);
        Shell.Run($"printf '#!/bin/sh\\necho \"$@\" >>/run/other-hook\\n' >{Hook}.other; chmod +x {Hook}.other");
        LibvirtDaemon.RestartWith(null);
        (code, output, _) = Shell.Try($"{CommandLine.Program} hook status");
        Assert.True(code == 0, output);
        using (var plain = LabDomain.Define("plain"))
        {
            plain.Domain.Start();
            plain.Domain.Destroy();
        }

        Assert.Contains("plain prepare begin -", Shell.Run("cat /run/other-hook"), StringComparison.Ordinal);
        Shell.Run($"{CommandLine.Program} hook remove");
        Assert.Equal("passthrough.other", Shell.Run("ls -A /etc/libvirt/hooks/qemu.d"));
        Shell.Run($"rm {Hook}.other; {CommandLine.Program} hook install; {CommandLine.Program} hook remove; [ ! -e /etc/libvirt/hooks/qemu.d ]");
    }

    private static void Install()
    {
        Shell.Run($"{CommandLine.Program} hook install");
        LibvirtDaemon.RestartWith(null);
        Assert.Equal(StartHookState.InEffect, PassthroughHost.Local().ReadStartHook().State);
    }
}
