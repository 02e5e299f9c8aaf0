using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>Devices are bound in the initramfs by their ids: what is configured already stays, and what the host uses is refused.</summary>
public sealed class EarlyBindingTests : IDisposable
{
    private const string Options = "/etc/modprobe.d/passthrough-vfio.conf";

    private static readonly PciAddress Display = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Sound = PciAddress.Parse("0000:01:00.1");

    private readonly FakeHost _fake = FakeHost.Create().AddSystem()
        .WriteFile("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n").WriteFile("/boot/grub/grub.cfg", "linux /vmlinuz quiet\n")
        .WriteFile("/etc/initramfs-tools/modules", "# modules\n")
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice("0000:01:00.0", 0x10de, 0x1b80, @class: 0x030000, driver: "nouveau", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddPciDevice("0000:01:00.1", 0x10de, 0x10f0, @class: 0x040300, driver: "snd_hda_intel", iommuGroup: 9, parent: "0000:00:1c.0");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task Ids_softdep_lines_and_the_initramfs_are_written_and_the_next_device_is_added_to_them()
    {
        await Apply(Display);
        Assert.Contains("options vfio-pci ids=10de:1b80\nsoftdep nouveau pre: vfio-pci\n", Read(Options), StringComparison.Ordinal);
        Assert.Contains("vfio_pci", Read("/etc/initramfs-tools/modules"), StringComparison.Ordinal);

        await Apply(Sound);
        Assert.Contains("options vfio-pci ids=10de:1b80,10de:10f0\nsoftdep nouveau pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n", Read(Options), StringComparison.Ordinal);
        Assert.True(_fake.Open().PlanBoot(Change(Display, Sound)).IsEmpty);
    }

    [Fact]
    public void Ids_of_another_file_are_kept_and_a_file_that_would_replace_them_is_an_error()
    {
        _fake.WriteFile("/etc/modprobe.d/gpu.conf", "options vfio-pci ids=8086:1533 disable_vga=1\n");
        Assert.Equal(["8086:1533", "10de:1b80"], Change(Display).EarlyBinding!.Ids);

        _fake.WriteFile("/etc/modprobe.d/vfio.conf", "options vfio-pci ids=8086:1533\n");
        var error = Assert.Throws<PassthroughException>(() => Change(Display));
        Assert.Contains("/etc/modprobe.d/vfio.conf line 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("10de:1b80", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_twin_is_named_and_if_the_host_uses_it_the_plan_is_refused()
    {
        _fake.AddPciDevice("0000:02:00.0", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 10)
            .AddPciDevice("0000:03:00.0", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 11)
            .AddNetworkInterface("0000:02:00.0", "enp2s0").AddNetworkInterface("0000:03:00.0", "enp3s0");
        var change = Change(PciAddress.Parse("0000:02:00.0"));
        Assert.Contains(change.Reasons, reason => reason.Contains("0000:03:00.0", StringComparison.Ordinal));
        Assert.Equal(["e1000e"], change.EarlyBinding!.Before);
        Assert.False(_fake.Open().PlanBoot(change).IsRefused);

        _fake.AddNetworkInterface("0000:03:00.0", "enp3s0", "192.0.2.1/24");
        var plan = _fake.Open().PlanBoot(change);
        Assert.True(plan.IsRefused);
        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.DeviceHoldsActiveNetworkInterface && finding.Devices.Contains(PciAddress.Parse("0000:03:00.0")));
    }

    [Fact]
    public async Task The_guards_are_asked_again_when_the_plan_is_applied()
    {
        _fake.AddPciDevice("0000:02:00.0", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 10).AddNetworkInterface("0000:02:00.0", "enp2s0");
        var plan = _fake.Open().PlanBoot(Change(PciAddress.Parse("0000:02:00.0")));
        _fake.AddNetworkInterface("0000:02:00.0", "enp2s0", "192.0.2.1/24");

        await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.False(File.Exists(_fake.PathOf(Options)));
    }

    [Fact]
    public void A_driver_in_the_kernel_image_is_named_and_an_unknown_configuration_is_an_error()
    {
        _fake.WriteFile("/lib/modules/6.12.0-fake/modules.builtin", "kernel/drivers/gpu/drm/nouveau/nouveau.ko\n");
        Assert.Contains(Change(Display).Reasons, reason => reason.StartsWith("nouveau is part of the kernel image", StringComparison.Ordinal));
        Assert.Contains("0000:09:00.0", Assert.Throws<PassthroughException>(() => Change(PciAddress.Parse("0000:09:00.0"))).Message, StringComparison.Ordinal);
    }

    private BootChange Change(params PciAddress[] devices) =>
        BootRecommendation.ForEarlyBinding(_fake.Open().Capture(new CaptureOptions { DetailsOf = [.. devices] }), devices);

    private Task Apply(PciAddress device) => _fake.Open().PlanBoot(Change(device)).ApplyAsync(cancellationToken: Token);

    private string Read(string path) => File.ReadAllText(_fake.PathOf(path));
}
