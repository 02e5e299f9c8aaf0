using Passthrough.Agreement;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Agreement;

/// <summary>The fake host, with the hardware of the lab's.</summary>
internal sealed class FakeStage : Stage
{
    private readonly TestHost _host = TestHost.Intel()
        .WithSoundCard(Sound)
        .WithNic(Nic)
        .WithDisk(Disk);

    public FakeStage()
    {
        _host.Files
            .WriteAttribute(Disk, "sriov_totalvfs", "4\n").WriteAttribute(Disk, "sriov_numvfs", "0\n").WriteAttribute(Disk, "sriov_drivers_autoprobe", "1\n")
            .WriteAttribute(Nic, "reset_method", "pm bus\n")
            .AddPciBridge("0000:00:12.0", secondaryBus: 3, subordinateBus: 4, iommuGroup: 40)
            .AddPciBridge("0000:03:00.0", secondaryBus: 4, driver: null, iommuGroup: 41, parent: "0000:00:12.0")
            .AddPciDevice(SharedNic, 0x8086, 0x100e, driver: "e1000", iommuGroup: 41, parent: "0000:03:00.0")
            .AddPciDevice(OtherSharedNic, 0x8086, 0x100e, driver: "e1000", iommuGroup: 41, parent: "0000:03:00.0")
            .AddNetworkInterface(SharedNic, "enp4s1").AddNetworkInterface(OtherSharedNic, "enp4s2")
            .AddMediatedType("mtty", "mtty-1", 24).AddMediatedType("mtty", "mtty-2", 12);
        Host = _host.Open();
        Files = LinuxSysfs.TryOpen(_host.Files.Root, out var files) == Errno.Success ? files! : throw new InvalidOperationException("the fake host has no root");
    }

    public override ISysfs Files { get; }

    public override IPassthroughHost Host { get; }

    public override ILibvirtConnection Libvirt => _host.Libvirt;

    public override int Write(string path, string text) => _host.Files.TryWrite(path, text);

    public override void Settle()
    {
        // A change is complete when its write returns.
    }

    public override void Keep(string name, string transcript)
    {
        // Only the real host's becomes one.
    }

    public override void Dispose() => _host.Dispose();
}
