using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Persistence;

/// <summary>What a host's files configure for every boot, compared with what the host has.</summary>
public sealed class PersistenceStatusTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create()
        .AddPciBridge("0000:00:10.0", secondaryBus: 1)
        .AddPciBridge("0000:00:11.0", secondaryBus: 2);

    public void Dispose() => _fake.Dispose();

    [Theory]
    [InlineData("vfio-pci", PersistenceState.InEffect)]
    [InlineData("e1000e", PersistenceState.NotInEffect)]
    [InlineData(null, PersistenceState.NotInEffect)]
    public void The_driver_is_compared(string? driver, PersistenceState state)
    {
        AddNic("0000:01:00.0", driver, "0000:00:10.0");
        Persist("0000:01:00.0");
        Assert.Equal(state, Assert.Single(Check()).State);
    }

    [Fact]
    public void A_card_that_was_moved_is_found_in_its_new_place()
    {
        AddNic("0000:01:00.0", "vfio-pci", "0000:00:10.0");
        Persist("0000:01:00.0");
        using var later = FakeHost.Create().AddPciBridge("0000:00:11.0", secondaryBus: 2)
            .AddPciDevice("0000:02:00.0", 0x8086, 0x10d3, driver: "e1000e", parent: "0000:00:11.0");
        later.WriteFile("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules", File.ReadAllText(_fake.PathOf("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules")));

        var check = Assert.Single(Check(later));

        Assert.Equal(PersistenceState.Absent, check.State);
        Assert.Equal("0000:02:00.0", Assert.Single(check.FoundAt).ToString());
    }

    [Fact]
    public void Another_card_at_the_address_is_not_taken_for_the_configured_one()
    {
        AddNic("0000:01:00.0", "vfio-pci", "0000:00:10.0");
        Persist("0000:01:00.0");
        using var later = FakeHost.Create().AddPciBridge("0000:00:10.0", secondaryBus: 1)
            .AddPciDevice("0000:01:00.0", 0x10ec, 0x8168, driver: "r8169", parent: "0000:00:10.0");
        later.WriteFile("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules", File.ReadAllText(_fake.PathOf("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules")));

        var check = Assert.Single(Check(later));

        Assert.Equal(PersistenceState.OtherDevice, check.State);
        Assert.Empty(check.FoundAt);
        Assert.Equal("r8169", check.Now!.Driver);
    }

    [Fact]
    public void An_equal_card_behind_another_bridge_is_another_device()
    {
        AddNic("0000:01:00.0", "vfio-pci", "0000:00:10.0");
        Persist("0000:01:00.0");
        using var later = FakeHost.Create().AddPciBridge("0000:00:1c.0", secondaryBus: 1)
            .AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", parent: "0000:00:1c.0");
        later.WriteFile("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules", File.ReadAllText(_fake.PathOf("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules")));
        Assert.Equal(PersistenceState.OtherDevice, Assert.Single(Check(later)).State);
    }

    [Fact]
    public void Virtual_functions_are_counted()
    {
        _fake.AddPciDevice("0000:02:00.0", 0x1b36, 0x0010, driver: "nvme", parent: "0000:00:11.0")
            .WriteAttribute("0000:02:00.0", "sriov_totalvfs", "4\n").WriteAttribute("0000:02:00.0", "sriov_numvfs", "0\n");
        var functions = PersistentVirtualFunctions.Of(Device("0000:02:00.0"), 1);
        _fake.WriteFile(UdevRuleFile.PathOfVirtualFunctions(functions.Device.Address), UdevRuleWriter.Write(functions));
        Assert.Equal(PersistenceState.NotInEffect, Assert.Single(Check()).State);

        _fake.AddPciDevice("0000:02:00.1", 0x1b36, 0x0010, physicalFunction: "0000:02:00.0");
        Assert.Equal(PersistenceState.InEffect, Assert.Single(Check()).State);
    }

    [Fact]
    public void A_number_of_virtual_functions_that_the_device_does_not_have_is_refused()
    {
        AddNic("0000:01:00.0", "e1000e", "0000:00:10.0");
        Assert.Contains("does not support SR-IOV", Assert.Throws<PersistenceException>(() => PersistentVirtualFunctions.Of(Device("0000:01:00.0"), 1)).Message, StringComparison.Ordinal);
        _fake.WriteAttribute("0000:01:00.0", "sriov_totalvfs", "4\n").WriteAttribute("0000:01:00.0", "sriov_numvfs", "0\n");
        Assert.Contains("1 to 4", Assert.Throws<PersistenceException>(() => PersistentVirtualFunctions.Of(Device("0000:01:00.0"), 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_driverctl_and_Unraid_are_read_and_two_for_one_device_are_named()
    {
        AddNic("0000:01:00.0", "vfio-pci", "0000:00:10.0");
        AddNic("0000:02:00.0", "e1000e", "0000:00:11.0");
        Persist("0000:01:00.0");
        _fake.WriteFile("/etc/driverctl.d/pci-0000:01:00.0", "vfio-pci\n")
            .WriteFile("/etc/driverctl.d/vmbus-1234", "uio_hv_generic\n")
            .WriteFile("/boot/config/vfio-pci.cfg", "BIND=0000:02:00.0|8086:10d3 03:00.0 0000:04:00.0|10ec:8168\n");

        var checks = Check();

        Assert.Equal(
            ["Driverctl 0000:01:00.0 InEffect", "Passthrough 0000:01:00.0 InEffect", "Unraid 0000:02:00.0 NotInEffect", "Unraid 0000:03:00.0 Absent", "Unraid 0000:04:00.0 Absent"],
            checks.Select(check => $"{check.Device.Origin} {check.Device.Address} {check.State}"));
        Assert.Equal("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules", Assert.Single(checks[0].Others).File);
        Assert.Equal("/etc/driverctl.d/pci-0000:01:00.0", Assert.Single(checks[1].Others).File);
        Assert.Empty(checks[2].Others);
    }

    [Fact]
    public void What_cannot_be_understood_is_a_problem_and_hides_nothing_else()
    {
        AddNic("0000:01:00.0", "vfio-pci", "0000:00:10.0");
        Persist("0000:01:00.0");
        _fake.WriteFile("/etc/udev/rules.d/61-passthrough-mine.rules", "SUBSYSTEM==\"net\"\n")
            .WriteFile("/etc/driverctl.d/pci-somewhere", "vfio-pci\n")
            .WriteFile("/etc/driverctl.d/pci-0000:05:00.0", "\n")
            .WriteFile("/boot/config/vfio-pci.cfg", "BIND=0000:02:00.0|8086 x\n");

        var status = PassthroughHost.At(_fake.Root).Capture().System.Persistence;

        Assert.Equal("0000:01:00.0", Assert.Single(status.Devices.Value).Address.ToString());
        Assert.Equal(
            ["/etc/udev/rules.d/61-passthrough-mine.rules", "/etc/driverctl.d/pci-0000:05:00.0", "/etc/driverctl.d/pci-somewhere", "/boot/config/vfio-pci.cfg", "/boot/config/vfio-pci.cfg"],
            status.Problems.Select(problem => problem.File));
    }

    [Fact]
    public void A_directory_that_cannot_be_read_leaves_everything_unknown()
    {
        _fake.WriteFile("/etc/driverctl.d/pci-0000:01:00.0", "vfio-pci\n").Remove("/etc/driverctl.d/pci-0000:01:00.0").AddDirectory("/etc/driverctl.d/pci-0000:01:00.0");
        var status = PassthroughHost.At(_fake.Root).Capture().System.Persistence;
        Assert.True(status.Devices.IsUnknown);
        Assert.Equal("/etc/driverctl.d/pci-0000:01:00.0", status.Devices.Source);
        Assert.Empty(status.Check(PassthroughHost.At(_fake.Root).Capture().Devices));
    }

    [Fact]
    public void A_host_without_such_files_configures_nothing()
    {
        Assert.Empty(PassthroughHost.At(_fake.Root).Capture().System.Persistence.Devices.Value);
        Assert.True(new PersistenceStatus().Devices.IsUnknown);
    }

    private void AddNic(string address, string? driver, string parent) => _fake.AddPciDevice(address, 0x8086, 0x10d3, driver: driver, parent: parent);

    private void Persist(string address)
    {
        var binding = PersistentBinding.Of(Device(address));
        _fake.WriteFile(UdevRuleFile.PathOfBinding(binding.Device.Address), UdevRuleWriter.Write(binding));
    }

    private PciDevice Device(string address) =>
        PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(address)] }).Devices[PciAddress.Parse(address)];

    private ValueList<PersistenceCheck> Check(FakeHost? fake = null)
    {
        var snapshot = PassthroughHost.At((fake ?? _fake).Root).Capture(new CaptureOptions { AllDetails = true });
        return snapshot.System.Persistence.Check(snapshot.Devices);
    }
}
