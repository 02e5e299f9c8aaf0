using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.DesiredState;

/// <summary>A host is as stated only if the next boot makes it so: files that are missing, damaged, or of another program are found.</summary>
public sealed class StateFilesTests : IDisposable
{
    private const string Rule = $"/etc/udev/rules.d/61-passthrough-{StateHost.Nic}.rules";

    private static readonly PciAddress Card = PciAddress.Parse(StateHost.Card);

    private readonly StateHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Virtual_functions_that_are_bound_from_the_next_boot_on_are_not_as_stated_before()
    {
        var state = new HostState { VirtualFunctions = [StateHost.Functions(2) with { Scope = StateScope.AtBoot, Settings = [] }] };
        await _host.ApplyAsync(state);
        var report = _host.Check(state);
        Assert.False(report.IsAsStated);
        Assert.Equal([FindingIds.StateNotPersistent], report.Findings.Select(finding => finding.Id));
        Assert.True(Assert.Single(_host.Plan(state).Deferred).AwaitsReboot);
        Assert.Contains("nothing can be done now", _host.Plan(state).ToString(), StringComparison.Ordinal);

        // As the boot does.
        await SetAsync(2);
        await _host.ApplyAsync(state);
        Assert.True(_host.Check(state).IsAsStated);
        await SetAsync(0); // the files stay, and the next boot binds them
        Assert.True(_host.Check(state).IsAsStated);
        Assert.Empty(_host.Plan(state).Deferred);

        Task SetAsync(int count) => _host.Files.Open().PlanVirtualFunctions(Card, count).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_count_without_the_functions_is_unknown()
    {
        _host.Files.WriteAttribute(StateHost.Card, "sriov_numvfs", "2\n");
        var state = new HostState { VirtualFunctions = [StateHost.Functions(2) with { ProbesDrivers = null, Scope = StateScope.Now, Settings = [] }] };
        var report = _host.Check(state);
        Assert.Null(report.IsAsStated);
        Assert.Equal(FindingIds.StateDriverDiffers, Assert.Single(report.Findings).Id);
        await _host.ApplyAsync(state); // does nothing, and does not go on for ever
    }

    [Fact]
    public async Task A_damaged_file_of_this_library_is_not_fine()
    {
        _host.Files.WriteFile(Rule, "ACTION==\"add\", ATTR{driver_override}=\"vfio-pci\"\n");
        var absent = new HostState { Devices = [StateHost.Device(StateHost.Nic) with { IsAbsent = true }] };
        var finding = Assert.Single(_host.Check(absent).Findings);
        Assert.Equal(FindingIds.StateNotPersistent, finding.Id);
        Assert.Contains("cannot be understood", finding.Title, StringComparison.Ordinal);
        Assert.Contains(_host.Plan(absent).Findings, each => each.Id == FindingIds.PersistenceFileEdited);
        Assert.True(_host.Plan(absent).IsRefused);

        var present = _host.Check(new() { Devices = [StateHost.Device(StateHost.Nic) with { Scope = StateScope.AtBoot }] });
        Assert.Contains("its file cannot be understood", Assert.Single(present.Findings).Title, StringComparison.Ordinal);

        await _host.Plan(absent, FindingIds.PersistenceFileEdited).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(_host.Check(absent).IsAsStated);
    }

    [Fact]
    public void A_damaged_file_for_virtual_functions_is_not_fine()
    {
        _host.Files.WriteFile($"/etc/udev/rules.d/61-passthrough-{StateHost.Card}-vfs.rules", "ATTR{sriov_numvfs}=\"2\"\n");
        var finding = Assert.Single(_host.Check(new() { VirtualFunctions = [new(DeviceSelector.At(Card), 0)] }).Findings);
        Assert.Equal(FindingIds.StateNotPersistent, finding.Id);
        Assert.Contains("cannot be understood", finding.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/boot/config/vfio-pci.cfg", "BIND=garbage\n")]
    [InlineData("/etc/udev/rules.d/61-passthrough-mine.rules", "# mine\n")]
    [InlineData("/etc/driverctl.d/pci-0000:01:00.0", "\n")]
    public async Task A_file_that_cannot_be_understood_leaves_it_unknown(string file, string content)
    {
        var state = new HostState { Devices = [StateHost.Device(StateHost.Nic)] };
        await _host.ApplyAsync(state);
        Assert.True(_host.Check(state).IsAsStated);
        _host.Files.WriteFile(file, content);
        var report = _host.Check(state);
        Assert.Null(report.IsAsStated);
        Assert.Contains(file, Assert.Single(report.Findings).Remedy, StringComparison.Ordinal);
        Assert.True(_host.Check(new() { Devices = [state.Devices[0] with { Scope = StateScope.Now }] }).IsAsStated);
    }

    [Fact]
    public async Task A_file_of_another_program_that_binds_the_device_differently_is_named()
    {
        var state = new HostState { Devices = [StateHost.Device(StateHost.Nic)] };
        await _host.ApplyAsync(state);
        _host.Files.WriteFile($"/etc/driverctl.d/pci-{StateHost.Nic}", "vfio-pci\n");
        Assert.True(_host.Check(state).IsAsStated);
        _host.Files.WriteFile($"/etc/driverctl.d/pci-{StateHost.Nic}", "e1000e\n");
        var finding = Assert.Single(_host.Check(state).Findings);
        Assert.Equal(FindingIds.StateNotPersistent, finding.Id);
        Assert.Equal($"driverctl unset-override {StateHost.Nic}", finding.Remedy);
    }

    [Fact]
    public async Task A_file_that_takes_the_virtual_functions_from_their_card_is_named()
    {
        var state = new HostState { VirtualFunctions = [new(DeviceSelector.At(Card), 2)] };
        await _host.ApplyAsync(state);
        Assert.True(_host.Check(state).IsAsStated);
        _host.Files.WriteFile($"/etc/driverctl.d/pci-{StateHost.Card}", "vfio-pci\n");
        Assert.Contains("with which it has none", Assert.Single(_host.Check(state).Findings).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_definition_of_a_mediated_device_is_not_fine()
    {
        _host.Files.WriteFile($"/etc/mdevctl.d/mtty/{StateHost.Uuid:D}", "garbage");
        var report = _host.Check(new() { MediatedDevices = [new(StateHost.Uuid) { IsAbsent = true }] });
        Assert.Null(report.IsAsStated);
        Assert.Equal(FindingIds.StateNotPersistent, Assert.Single(report.Findings).Id);
    }

    [Fact]
    public async Task A_mediated_device_whose_type_cannot_be_read_is_unknown()
    {
        var state = new HostState { MediatedDevices = [StateHost.Everything.MediatedDevices[0] with { StartsAtBoot = false }] };
        await _host.ApplyAsync(state);
        Assert.True(_host.Check(state).IsAsStated);
        _host.Files.Remove($"/sys/bus/mdev/devices/{StateHost.Uuid:D}/mdev_type");
        var report = _host.Check(state);
        Assert.Null(report.IsAsStated);
        Assert.Equal(FindingIds.StateMediatedDeviceDiffers, Assert.Single(report.Findings).Id);
        Assert.Empty(_host.Plan(state).Steps);
    }
}
