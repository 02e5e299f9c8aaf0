using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.DesiredState;

/// <summary>A fake host with two equal NICs, a card with virtual functions, a parent of mediated devices, GRUB, and libvirt's directory.</summary>
internal sealed class StateHost : IDisposable
{
    public const string Nic = "0000:01:00.0";
    public const string Twin = "0000:02:00.0";
    public const string Card = "0000:03:00.0";
    public const string Grub = "/etc/default/grub";
    public const string Hook = "/etc/libvirt/hooks/qemu.d/passthrough";
    public static readonly Guid Uuid = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");

    public StateHost(string commandLine = "BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet intel_iommu=on", bool hasIommu = true)
    {
        Files = FakeHost.Create().WriteFile("/proc/cmdline", commandLine + "\n").AddSystem()
            .AddPciDriver("vfio-pci")
            .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: hasIommu ? 1 : null)
            .AddPciBridge("0000:00:1c.1", secondaryBus: 2, iommuGroup: hasIommu ? 2 : null)
            .AddPciBridge("0000:00:1c.2", secondaryBus: 3, iommuGroup: hasIommu ? 3 : null)
            .AddPciDevice(Nic, 0x8086, 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: hasIommu ? 11 : null, parent: "0000:00:1c.0")
            .AddPciDevice(Twin, 0x8086, 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: hasIommu ? 12 : null, parent: "0000:00:1c.1")
            .AddPciDevice(Card, 0x8086, 0x1572, @class: 0x020000, driver: "i40e", iommuGroup: hasIommu ? 13 : null, parent: "0000:00:1c.2")
            .WriteAttribute(Card, "sriov_totalvfs", "8\n").WriteAttribute(Card, "sriov_numvfs", "0\n").WriteAttribute(Card, "sriov_drivers_autoprobe", "1\n")
            .WriteAttribute(Card, "sriov_offset", "1\n").WriteAttribute(Card, "sriov_stride", "1\n")
            .AddNetworkInterface(Nic, "enp1s0").AddNetworkInterface(Twin, "enp2s0").AddNetworkInterface(Card, "enp3s0")
            .AddMediatedType("mtty", "mtty-2", 1).AddMediatedType("mtty", "mtty-1", 24)
            .WriteFile("/lib/udev/rules.d/60-mdevctl.rules", "RUN+=\"/usr/sbin/mdevctl\"").WriteFile("/usr/sbin/mdevctl", "")
            .AddDirectory("/etc/udev/rules.d").AddDirectory("/etc/mdevctl.d").AddDirectory("/etc/libvirt").WriteFile("/usr/bin/passthrough", "")
            .WriteFile("/etc/os-release", "ID=debian\n").WriteFile(Grub, "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"\"\n")
            .WriteFile("/boot/grub/grub.cfg", "").WriteFile("/usr/sbin/update-grub", "#!/bin/sh\n");
        if (!hasIommu)
        {
            Files.Remove("/sys/class/iommu/dmar0");
        }
    }

    public FakeHost Files { get; }

    /// <summary>Everything that a document can say, about this host.</summary>
    public static HostState Everything { get; } = new()
    {
        Devices = [Device(Nic)],
        VirtualFunctions = [Functions(2)],
        MediatedDevices = [new(Uuid) { Parent = "mtty", Type = "mtty-2", StartsAtBoot = true }],
        Parameters = [new("iommu=pt"), new("quiet") { IsAbsent = true }],
        Hook = new() { Command = ["/usr/bin/passthrough", "hook", "run", "--"] },
    };

    /// <summary>The opposite.</summary>
    public static HostState Nothing { get; } = new()
    {
        Devices = [Device(Nic) with { IsAbsent = true }],
        VirtualFunctions = [new(DeviceSelector.At(PciAddress.Parse(Card)), 0) { ProbesDrivers = true }],
        MediatedDevices = [new(Uuid) { IsAbsent = true }],
        Parameters = [new("iommu=pt") { IsAbsent = true }, new("quiet")],
        Hook = new() { IsAbsent = true },
    };

    public static DeviceState Device(string address) => new(DeviceSelector.At(PciAddress.Parse(address)));

    public static VirtualFunctionState Functions(int count) => new(DeviceSelector.At(PciAddress.Parse(Card)), count)
    {
        ProbesDrivers = false,
        Driver = "vfio-pci",
        Settings = [new VirtualFunctionSettings { Index = 0, MacAddress = "52:54:00:00:00:01", IsTrusted = true }],
    };

    public StatePlan Plan(HostState state, params ValueList<string> accepted) => Files.Open().PlanState(state, options: new() { Accepted = accepted });

    public Task ApplyAsync(HostState state, IProgress<PlanProgress>? progress = null) => Plan(state).ApplyAsync(progress, TestContext.Current.CancellationToken);

    public StateReport Check(HostState state) => Files.Open().CheckState(state);

    public string[] Rules() => [.. Directory.GetFiles(Files.PathOf("/etc/udev/rules.d")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    /// <summary>Another card was put into the slot.</summary>
    public void Exchange(string address, string before, string after)
    {
        foreach (var file in new[] { "device", "modalias", "uevent" })
        {
            var path = Files.PathOf($"{Files.DevicePath(address)}/{file}");
            File.WriteAllText(path, File.ReadAllText(path).Replace(before, after, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The kernel was booted with what is configured.</summary>
    public void Reboot(string parameters) => Files.WriteFile("/proc/cmdline", $"BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro {parameters}\n");

    public void Dispose() => Files.Dispose();
}
