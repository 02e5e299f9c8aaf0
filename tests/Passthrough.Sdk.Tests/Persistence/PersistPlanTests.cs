using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Persistence;

/// <summary>Plans for every boot: what they write and remove, and when they are refused.</summary>
public sealed class PersistPlanTests : IDisposable
{
    private const string Name = "0000:01:00.0";
    private static readonly PciAddress Nic = PciAddress.Parse(Name);
    private static readonly string Rule = UdevRuleFile.PathOfBinding(Nic);

    private readonly FakeHost _fake = FakeHost.Create().AddSystem().AddDirectory("/etc/udev/rules.d")
        .AddPciBridge("0000:00:10.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice(Name, 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 9, parent: "0000:00:10.0")
        .AddNetworkInterface(Name, "enp1s0")
        .WriteAttribute(Name, "sriov_totalvfs", "4\n").WriteAttribute(Name, "sriov_numvfs", "0\n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_binding_is_written_and_removed_without_a_trace_and_the_driver_stays()
    {
        var plan = _fake.Open().PlanPersist([Nic]);
        Assert.Equal((PlanKind.Persist, PlanStepKind.WriteRuleFile, $"write {Rule}"), (plan.Kind, Assert.Single(plan.Steps).Kind, plan.Steps[0].Description));
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal((Nic, "vfio-pci", false), Configured());
        Assert.Equal("e1000e", _fake.DriverOf(Name));
        Assert.Empty(_fake.Open().PlanPersist([Nic]).Steps);
        Assert.Equal($"replace {Rule}", Assert.Single(_fake.Open().PlanPersist([Nic], "e1000e").Steps).Description);

        var both = _fake.Open().PlanPersistVirtualFunctions(Nic, 2);
        Assert.Contains(both.Findings, finding => finding.Id == FindingIds.PersistenceConflict);
        Assert.True(both.IsRefused);
        await _fake.Open().PlanPersist([Nic], "e1000e").ApplyAsync(cancellationToken: Token);
        await _fake.Open().PlanPersistVirtualFunctions(Nic, 2).ApplyAsync(cancellationToken: Token);
        Assert.True(_fake.Open().PlanPersist([Nic]).IsRefused);
        var remove = _fake.Open().PlanUnpersist([Nic]);
        Assert.Equal(2, remove.Steps.Count);
        await remove.ApplyAsync(cancellationToken: Token);
        Assert.Empty(Directory.GetFileSystemEntries(_fake.PathOf("/etc/udev/rules.d")));
        Assert.Empty(_fake.Open().PlanUnpersist([Nic]).Steps);
    }

    [Fact]
    public async Task An_edited_file_is_replaced_or_removed_only_if_this_is_accepted()
    {
        await _fake.Open().PlanPersist([Nic]).ApplyAsync(cancellationToken: Token);
        var edited = File.ReadAllText(_fake.PathOf(Rule)) + "# ours\n";
        _fake.WriteFile(Rule, edited);
        foreach (var plan in new[] { _fake.Open().PlanPersist([Nic]), _fake.Open().PlanUnpersist([Nic]) })
        {
            Assert.True(plan.IsRefused);
            Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.PersistenceFileEdited);
            await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));
        }

        Assert.Equal(edited, File.ReadAllText(_fake.PathOf(Rule)));
        await _fake.Open().PlanUnpersist([Nic], new PlanOptions { Accepted = [FindingIds.PersistenceFileEdited] }).ApplyAsync(cancellationToken: Token);
        Assert.False(File.Exists(_fake.PathOf(Rule)));
    }

    [Fact]
    public void A_device_that_another_program_configures_is_left_to_it()
    {
        _fake.WriteFile($"/etc/driverctl.d/pci-{Name}", "vfio-pci\n");
        var plan = _fake.Open().PlanPersist([Nic]);
        Assert.True(plan.IsRefused);
        Assert.Contains($"driverctl unset-override {Name}", Assert.Single(plan.Findings, finding => finding.Id == FindingIds.PersistenceConflict).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_configure_must_be_known_or_accepted_before_a_file_is_added()
    {
        _fake.AddDirectory("/boot/config/vfio-pci.cfg"); // where a file is expected
        var add = _fake.Open().PlanPersist([Nic]);
        var unknown = Assert.Single(add.Findings, finding => finding.Id == FindingIds.PersistenceConflict);
        Assert.True(unknown.IsUndetermined);
        Assert.Equal(FindingSeverity.Error, unknown.PossibleSeverity);
        Assert.True(add.IsRefused, add.ToString());
        Assert.True(_fake.Open().PlanPersistVirtualFunctions(Nic, 2).IsRefused);

        await _fake.Open().PlanPersist([Nic], options: new PlanOptions { Accepted = [FindingIds.PersistenceConflict] }).ApplyAsync(cancellationToken: Token);
        var remove = _fake.Open().PlanUnpersist([Nic]);
        Assert.False(remove.IsRefused, remove.ToString());
    }

    [Theory]
    [InlineData("/boot/config/vfio-pci.cfg", "BIND=somewhere\n", true)]
    [InlineData("/etc/udev/rules.d/61-passthrough-x.rules", "SUBSYSTEM==\"net\"\n", true)]
    [InlineData("/etc/udev/rules.d/61-passthrough-0000:07:00.0-vfs.rules", "SUBSYSTEM==\"net\"\n", false)]
    [InlineData("/etc/driverctl.d/pci-0000:07:00.0", "\n", false)]
    [InlineData("/etc/driverctl.d/pci-0000:01:00.0", "\n", true)]
    public void A_file_that_cannot_be_understood_refuses_unless_its_name_is_that_of_another_device(string path, string content, bool isRefused)
    {
        _fake.WriteFile(path, content);
        var plan = _fake.Open().PlanPersist([Nic]);
        Assert.True(isRefused == plan.IsRefused, plan.ToString());
        Assert.Equal(isRefused, plan.Findings.Any(finding => finding.IsUndetermined && finding.Title.Contains(path, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_display_gets_the_warning_that_names_early_binding_and_its_twin()
    {
        _fake.AddPciDevice("0000:05:00.0", 0x10de, 0x1b80, @class: 0x030200, driver: "nouveau", iommuGroup: 15);
        var gpu = PciAddress.Parse("0000:05:00.0");
        var finding = Assert.Single(_fake.Open().PlanPersist([gpu]).Findings, finding => finding.Id == FindingIds.PersistenceTooLate);
        Assert.Equal((FindingSeverity.Warning, "bind it in the initramfs: passthrough boot apply --early-binding 0000:05:00.0"), (finding.Severity, finding.Remedy));

        _fake.AddPciDevice("0000:06:00.0", 0x10de, 0x1b80, @class: 0x030200, driver: "nouveau", iommuGroup: 16);
        finding = Assert.Single(_fake.Open().PlanPersist([gpu]).Findings, finding => finding.Id == FindingIds.PersistenceTooLate);
        Assert.Contains("takes 0000:06:00.0 too [device.identical-twin]", finding.Remedy, StringComparison.Ordinal);

        _fake.WriteFile("/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:1b80\n").WriteFile("/etc/initramfs-tools/modules", "vfio_pci\n");
        Assert.DoesNotContain(_fake.Open().PlanPersist([gpu]).Findings, finding => finding.Id == FindingIds.PersistenceTooLate);
        Assert.DoesNotContain(_fake.Open().PlanPersist([Nic]).Findings, finding => finding.Id == FindingIds.PersistenceTooLate);
    }

    [Fact]
    public void The_command_of_a_step_contains_the_whole_rule()
    {
        var command = Assert.Single(_fake.Open().PlanPersist([Nic]).Steps).Command;
        Assert.StartsWith($"install -D -m 644 /dev/stdin {Rule} <<'EOF' && udevadm control --reload\n# ", command, StringComparison.Ordinal);
        Assert.EndsWith("\nEOF", command, StringComparison.Ordinal);
        Assert.Contains("ATTR{driver_override}=\"vfio-pci\"", command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_appears_meanwhile_is_not_replaced()
    {
        var plan = _fake.Open().PlanPersist([Nic]);
        _fake.WriteFile(Rule, "SUBSYSTEM==\"net\"\n");
        await Assert.ThrowsAnyAsync<Sdk.Facts.PassthroughException>(() => plan.ApplyAsync(cancellationToken: Token));
        Assert.Equal("SUBSYSTEM==\"net\"\n", File.ReadAllText(_fake.PathOf(Rule)));
    }

    [Fact]
    public void A_number_that_the_device_does_not_have_is_an_error() =>
        Assert.Throws<PersistenceException>(() => _fake.Open().PlanPersistVirtualFunctions(Nic, 5));

    [Fact]
    public async Task A_saved_plan_is_the_same_plan()
    {
        foreach (var plan in new[] { _fake.Open().PlanPersist([Nic], "e1000e"), _fake.Open().PlanPersistVirtualFunctions(Nic, 2, probesDrivers: true) })
        {
            await _fake.Open().PlanAgain(SavedPlan.Parse(plan.ToJson())).ApplyAsync(cancellationToken: Token);
        }

        Assert.Equal(2, Directory.GetFiles(_fake.PathOf("/etc/udev/rules.d")).Length);
        Assert.Contains("sriov_drivers_autoprobe}=\"1\"", File.ReadAllText(_fake.PathOf(UdevRuleFile.PathOfVirtualFunctions(Nic))), StringComparison.Ordinal);
    }

    private (PciAddress, string?, bool) Configured()
    {
        var device = Assert.Single(PassthroughHost.At(_fake.Root).Capture().System.Persistence.Devices.Value);
        return (device.Address, device.Driver, device.IsEdited);
    }
}
