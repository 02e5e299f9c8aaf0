using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Readiness;

namespace Passthrough.Sdk.Tests.Persistence;

/// <summary>What doctor says of devices that files configure for every boot, and why vfio-pci did not get one.</summary>
public sealed class PersistenceRulesTests : IDisposable
{
    private const string Nic = "0000:01:00.0";
    private static readonly string Rule = UdevRuleFile.PathOfBinding(PciAddress.Parse(Nic));

    private readonly FakeHost _fake = FakeHost.Create().AddSystem()
        .AddPciBridge("0000:00:10.0", secondaryBus: 1)
        .AddPciBridge("0000:00:11.0", secondaryBus: 2);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_device_that_is_bound_as_configured_has_no_finding()
    {
        Add(Nic, "vfio-pci");
        Persist(PersistentDevices.Path);
        Assert.Empty(Findings());
    }

    [Fact]
    public void A_moved_device_is_found_from_its_old_and_from_its_new_address()
    {
        Add("0000:02:00.0", "e1000e");
        Persist(PersistentDevices.Path);
        foreach (var asked in new[] { null, Nic, "0000:02:00.0" })
        {
            var finding = Assert.Single(Findings(asked));
            Assert.Equal(FindingIds.PersistenceDeviceMoved, finding.Id);
            Assert.Contains("now belongs to no device; the device is probably at 0000:02:00.0 now", finding.Title, StringComparison.Ordinal);
            Assert.Contains(Rule, finding.Remedy, StringComparison.Ordinal);
        }

        Add("0000:02:00.1", "e1000e");
        Assert.DoesNotContain(Findings("0000:00:10.0"), finding => finding.Id == FindingIds.PersistenceDeviceMoved);
    }

    [Fact]
    public void An_equal_device_behind_another_bridge_is_named_as_such()
    {
        Add(Nic, "e1000e");
        Persist("pci0000:00/0000:00:1c.0/0000:01:00.0");
        var finding = Assert.Single(Findings());
        Assert.Equal(FindingIds.PersistenceDeviceMoved, finding.Id);
        Assert.Contains("behind other bridges", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_for_one_device_are_one_finding_that_says_how_to_remove_either()
    {
        Add(Nic, "vfio-pci");
        Persist(PersistentDevices.Path);
        _fake.WriteFile($"/etc/driverctl.d/pci-{Nic}", "e1000e\n");
        var finding = Assert.Single(Findings(), finding => finding.Id == FindingIds.PersistenceConflict);
        Assert.Contains("driver e1000e", finding.Title, StringComparison.Ordinal);
        Assert.Contains("driver vfio-pci", finding.Title, StringComparison.Ordinal);
        Assert.Contains($"driverctl unset-override {Nic}", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(Rule, finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_understood_is_named()
    {
        _fake.WriteFile(Rule, "# model: {}\n");
        var finding = Assert.Single(Findings());
        Assert.Equal(FindingIds.PersistenceFileMalformed, finding.Id);
        Assert.Contains(Rule, finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_read_leave_it_open()
    {
        _fake.AddDirectory($"/etc/driverctl.d/pci-{Nic}");
        var finding = Assert.Single(Findings());
        Assert.True(finding.IsUndetermined);
        Assert.Equal(FindingSeverity.Warning, finding.PossibleSeverity);
    }

    [Fact]
    public void A_file_that_is_newer_than_the_boot_can_be_put_into_effect()
    {
        Add(Nic, "e1000e");
        Persist(PersistentDevices.Path);
        var finding = Assert.Single(Findings());
        Assert.Equal(FindingIds.PersistenceNotInEffect, finding.Id);
        Assert.StartsWith("reboot", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains($"udevadm trigger --action=add /sys/bus/pci/devices/{Nic}", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_its_rule_left_to_a_driver_in_use_cites_the_log()
    {
        Add(Nic, "e1000e");
        Persist(PersistentDevices.Path);
        _fake.WriteFile("/var/log/dmesg", $"[    9.1] passthrough: {Nic} stays with the driver e1000e because of /sys/bus/pci/devices/{Nic}/net/eth0/flags\n");
        var finding = Assert.Single(Findings());
        Assert.Contains("it was in use", finding.Title, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Value.Contains("net/eth0/flags", StringComparison.Ordinal));
        Assert.Contains("initramfs", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_whose_driver_does_not_bind_names_the_missing_module()
    {
        Add(Nic, null);
        Persist(PersistentDevices.Path);
        _fake.WriteFile("/proc/modules", "");
        _fake.Remove("/sys/module/vfio_pci");
        Assert.Contains("vfio-pci is not loaded", Assert.Single(Findings()).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_virtual_functions_are_counted()
    {
        _fake.AddPciDevice("0000:02:00.0", 0x1b36, 0x0010, driver: "nvme", parent: "0000:00:11.0");
        var functions = new PersistentVirtualFunctions(new PersistentIdentity(PciAddress.Parse("0000:02:00.0"), new PciIdentity(0x1b36, 0x0010), "pci0000:00/0000:00:11.0/0000:02:00.0"), 2);
        _fake.WriteFile(UdevRuleFile.PathOfVirtualFunctions(functions.Device.Address), UdevRuleWriter.Write(functions));
        var finding = Assert.Single(Findings());
        Assert.Contains("2 virtual functions of 0000:02:00.0 at boot, but it has 0", finding.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "", "add vfio-pci and that line to the initramfs (/etc/initramfs-tools/modules, MODULES=")]
    [InlineData("/etc/initramfs-tools/modules", "# none\n", "/etc/initramfs-tools/modules does not name vfio-pci", "add vfio-pci and that line to the initramfs (/etc/initramfs-tools/modules)")]
    [InlineData("/etc/initramfs-tools/modules", "e1000e\nvfio-pci\n", "names e1000e before vfio-pci", "move vfio-pci before e1000e")]
    [InlineData("/etc/initramfs-tools/modules", "vfio_pci ids=8086:10d3\ne1000e\n", "no softdep line loads vfio-pci before e1000e", "softdep e1000e pre: vfio-pci")]
    [InlineData("/etc/mkinitcpio.conf", "MODULES=(e1000e vfio_pci)\n", "/etc/mkinitcpio.conf names e1000e before vfio-pci", "move vfio-pci before e1000e")]
    [InlineData("/etc/mkinitcpio.conf.d/vfio.conf", "MODULES+=(vfio_pci vfio) # ours\n", "no softdep line", "softdep e1000e pre: vfio-pci")]
    [InlineData("/etc/dracut.conf.d/vfio.conf", "force_drivers+=\" vfio_pci \"\n", "no softdep line", "softdep e1000e pre: vfio-pci")]
    [InlineData("/etc/dracut.conf.d/vfio.conf", "add_drivers+=\" vfio_pci \"\n", "does not name vfio-pci", "add vfio-pci and that line")]
    [InlineData("/etc/booster.yaml", "compression: zstd\nmodules_force_load: e1000e, vfio_pci\n", "/etc/booster.yaml names e1000e before vfio-pci", "move vfio-pci before e1000e")]
    public void Why_vfio_pci_came_too_late_is_narrowed_down(string? file, string? text, string cause, string remedy)
    {
        Add(Nic, "e1000e");
        _fake.WriteFile("/etc/modprobe.d/ids.conf", "options vfio-pci ids=8086:10d3\n");
        if (file is not null)
        {
            _fake.WriteFile(file, text!);
        }

        Late(cause, remedy);

        // With a file for the device instead of ids, and the override that shows that udev read it, the answer is the same.
        _fake.Remove("/etc/modprobe.d/ids.conf").WriteAttribute(Nic, "driver_override", "vfio-pci\n");
        Persist(PersistentDevices.Path);
        var finding = Assert.Single(Findings());
        Assert.Contains(cause, finding.Title, StringComparison.Ordinal);
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_initramfs_that_is_older_than_its_configuration_is_to_be_rebuilt()
    {
        Add(Nic, "e1000e");
        _fake.WriteFile("/etc/modprobe.d/ids.conf", "options vfio-pci ids=8086:10d3\nsoftdep e1000e pre: vfio-pci\n").WriteFile("/etc/initramfs-tools/modules", "vfio-pci\n");
        Late("older than its configuration", "rebuild the initramfs (update-initramfs -u");
    }

    private void Late(string cause, string remedy)
    {
        var late = Assert.Single(Report(Nic), finding => finding.Id == FindingIds.VfioIdsTooLate);
        Assert.Contains(cause, late.Title, StringComparison.Ordinal);
        Assert.Contains(remedy, late.Remedy, StringComparison.Ordinal);
        Assert.Null(FindingTextTests.WhatIsWrong(late.Title));
    }

    private void Add(string address, string? driver) =>
        _fake.AddPciDevice(address, 0x8086, 0x10d3, driver: driver, iommuGroup: 20, parent: address.StartsWith("0000:01", StringComparison.Ordinal) ? "0000:00:10.0" : "0000:00:11.0");

    private void Persist(string path) => _fake.WriteFile(Rule, UdevRuleWriter.Write(
        new PersistentBinding(new PersistentIdentity(PciAddress.Parse(Nic), new PciIdentity(0x8086, 0x10d3) { ClassCode = new PciClassCode(0x020000) }, path), "vfio-pci")));

    private List<Finding> Findings(string? device = null)
    {
        var findings = Report(device).Where(finding => finding.Id.StartsWith("persistence.", StringComparison.Ordinal)).ToList();
        Assert.All(findings.SelectMany(finding => new[] { finding.Title, finding.Remedy }), text => Assert.Null(FindingTextTests.WhatIsWrong(text)));
        return findings;
    }

    private ReadinessReport Report(string? device)
    {
        var snapshot = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { AllDetails = true });
        return device is null ? snapshot.CheckReadiness() : snapshot.CheckDevices([PciAddress.Parse(device)]);
    }
}
