using System.Globalization;
using System.Text.Json;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests;

/// <summary>The kernel's sample of mediated devices, mtty, from its types to a guest and back. Its parent is not a PCI function.</summary>
[LabHost(Iommu.Vtd, MediatedDevices = true)]
public sealed class MediatedDeviceTests : IDisposable
{
    private const string Uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001";
    private const string Other = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002";
    private const string Live = "/sys/bus/mdev/devices";
    private const string Definitions = "/etc/mdevctl.d/mtty";

    public void Dispose()
    {
        Shell.Run($"for device in {Live}/*; do [ ! -e $device/remove ] || echo 1 >$device/remove; done; rm -rf {Definitions}");
        LeftJournal.Clear();
    }

    [Fact]
    public void Types_are_listed_with_the_ports_that_are_left()
    {
        Assert.Equal([("mtty", "mtty-1", 24), ("mtty", "mtty-2", 12)], Types());
        Assert.Equal("24 12", Shell.Run("cd /sys/class/mdev_bus/mtty/mdev_supported_types; echo $(cat */available_instances)"));

        Shell.Run($"echo {Uuid} >/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create");

        Assert.Equal([("mtty", "mtty-1", 22), ("mtty", "mtty-2", 11)], Types());
        var device = Assert.Single(Status().Devices.Value);
        Assert.Equal((Guid.Parse(Uuid), "mtty", "mtty-2", "mtty"), (device.Uuid, device.Parent, device.Type, device.Driver));
        Assert.Equal(Shell.Run($"basename $(readlink {Live}/{Uuid}/iommu_group)"), device.IommuGroupId?.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Definitions_are_read_as_mdevctl_writes_them_and_written_as_it_reads_them()
    {
        Shell.Run($"mdevctl define --uuid {Uuid} --parent mtty --type mtty-2 --auto; mdevctl modify --uuid {Uuid} --addattr speed --value 9600");
        var definition = Assert.Single(Status().Definitions.Value);
        Assert.Equal((Guid.Parse(Uuid), "mtty", "mtty-2", true), (definition.Uuid, definition.Parent, definition.Type, definition.IsAutomatic));
        Assert.Equal([new("speed", "9600")], definition.Attributes);
        Assert.Equal(File.ReadAllText(definition.Path), MediatedDefinitionFile.Write(definition));

        var ours = new MediatedDefinition { Parent = "mtty", Uuid = Guid.Parse(Other), Type = "mtty-1" };
        File.WriteAllText(ours.Path, MediatedDefinitionFile.Write(ours));
        Assert.Contains($"{Other} mtty mtty-1 manual", Shell.Run("mdevctl list --defined"), StringComparison.Ordinal);
        Shell.Run($"mdevctl start --uuid {Other}");
        Assert.Equal("mtty-1", Status().FindDevice(Guid.Parse(Other))?.Type);
        using var libvirt = LibvirtConnection.Open("qemu:///system");
        Assert.Contains($"mdev_{Other.Replace('-', '_')}", Shell.Run("virsh -q nodedev-list --cap mdev"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_was_not_created_at_boot_is_named_with_what_its_driver_said()
    {
        Shell.Run("ports=/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2; for i in {10..21}; do echo 83b8f4f2-509f-382f-3c1e-e6bfe0fa20$i >$ports/create; done");
        Shell.Run($"mdevctl define --uuid {Uuid} --parent mtty --type mtty-2 --auto");

        // mdevctl itself does not ask the driver if no instance is left; other programs do.
        Assert.NotEqual(0, Shell.Try($"mdevctl start --uuid {Uuid}").Code);
        Assert.NotEqual(0, Shell.Try($"echo {Uuid} >/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create").Code);

        var findings = PassthroughHost.Local().Capture().CheckReadiness();

        var missing = Assert.Single(findings, finding => finding.Id == FindingIds.MediatedDeviceNotStarted);
        Assert.Contains("no instance of mtty-2 is left", missing.Title, StringComparison.Ordinal);
        Assert.Contains(missing.Evidence, evidence => evidence.Value == $"mtty: probe of {Uuid} failed with error -28");
        Assert.Contains("mtty-1, mtty-2", Assert.Single(findings, finding => finding.Id == FindingIds.MediatedDeviceNoInstance).Title, StringComparison.Ordinal);

        // The package's own rule runs a program that the package does not have (Debian 12).
        Assert.Equal(File.Exists("/usr/sbin/mdevctl"), findings.All(finding => finding.Id != FindingIds.MediatedDeviceNoStarter));
    }

    [Fact]
    public void A_device_is_created_by_plan_given_to_a_guest_released_and_removed()
    {
        Assert.Equal((0, $"{Uuid}\n"), Mdev($"create mtty mtty-2 --uuid {Uuid}"));
        Assert.Equal("mtty-2", Status().FindDevice(Guid.Parse(Uuid))?.Type);
        using (var vm = LabDomain.Define("mediated"))
        {
            var device = new MediatedHostDevice { Uuid = Guid.Parse(Uuid), Model = MediatedModel.VfioPci };
            vm.Domain.AttachDevice(device.ToXml(), DeviceAffect.Config);
            vm.Domain.Start();
            var node = $"/dev/vfio/{Shell.Run($"basename $(readlink {Live}/{Uuid}/iommu_group)")}";
            Assert.Contains(node, Shell.Run("ls -l /proc/$(cat /run/libvirt/qemu/mediated.pid)/fd"), StringComparison.Ordinal);

            // Its user is named by libvirt and, without libvirt, by what it has open.
            var (code, _, errors) = Shell.Try($"{CommandLine.Program} mdev remove {Uuid}");
            Assert.True(code == 1 && errors.Contains("running domain mediated", StringComparison.Ordinal), $"{code}: {errors}");
            var plan = PassthroughHost.Local().PlanMediatedDeviceRemoval(Guid.Parse(Uuid));
            Assert.Equal(FindingIds.DeviceHasOpenHandles, Assert.Single(plan.Findings).Id);
            Assert.Contains("qemu", plan.Findings[0].Title, StringComparison.Ordinal);
            var (refused, _, reason) = Shell.Try("virsh nodedev-destroy $(virsh -q nodedev-list --cap mdev)");
            Assert.True(refused != 0 && reason.Contains("in use", StringComparison.Ordinal), reason);
            Assert.True(Directory.Exists($"{Live}/{Uuid}"));

            vm.Domain.Destroy();
            vm.Domain.DetachDevice(device.ToXml(), DeviceAffect.Config);
        }

        Assert.Equal((0, $"{Uuid} was removed\n"), Mdev($"remove {Uuid}"));
        Assert.False(Directory.Exists($"{Live}/{Uuid}"));
        Assert.Equal("24 12", Shell.Run("cd /sys/class/mdev_bus/mtty/mdev_supported_types; echo $(cat */available_instances)"));
    }

    [Fact]
    public void A_device_that_is_defined_too_is_known_to_mdevctl_and_undefined_with_it()
    {
        Assert.Equal(0, Mdev($"create mtty mtty-1 --uuid {Uuid} --autostart").Code);
        Assert.Contains($"{Uuid} mtty mtty-1 auto (active)", Shell.Run("mdevctl list --defined"), StringComparison.Ordinal);

        Assert.Equal(0, Mdev($"remove {Uuid} --undefine").Code);
        Assert.Equal("", Shell.Run("mdevctl list --defined; mdevctl list"));
    }

    [Fact]
    public async Task A_full_parent_refuses_in_the_plan_and_its_driver_is_quoted_if_it_fills_up_meanwhile()
    {
        var plan = PassthroughHost.Local().PlanMediatedDevice("mtty", "mtty-2", Guid.Parse(Uuid));
        var writer = new MediatedDeviceWriter(PassthroughHost.Local().Sysfs, TimeProvider.System);
        Shell.Run("ports=/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2; for i in {10..21}; do echo 83b8f4f2-509f-382f-3c1e-e6bfe0fa20$i >$ports/create; done");

        var refused = await Assert.ThrowsAnyAsync<PassthroughException>(() => plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("no instance of the mediated type mtty-2 is left on mtty", refused.Message, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<MediatedDeviceException>(
            () => writer.CreateAsync("mtty", "mtty-2", Guid.Parse(Uuid), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(28, error.ErrorNumber);
        Assert.Equal([$"mtty: probe of {Uuid} failed with error -28"], error.Log);
    }

    private static (int Code, string Output) Mdev(string arguments)
    {
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} mdev {arguments}");
        Assert.Equal("", errors);
        return (code, output);
    }

    private static MediatedDeviceStatus Status() => PassthroughHost.Local().Capture().System.MediatedDevices;

    private static (string Parent, string Type, int Free)[] Types()
    {
        using var json = JsonDocument.Parse(Shell.Run($"{CommandLine.Program} mdev types --json"));
        return [.. json.RootElement.EnumerateArray().Select(type => (type.GetProperty("parent").GetString()!, type.GetProperty("type").GetString()!, type.GetProperty("availableInstances").GetInt32()))];
    }
}
