using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Tests.Plans;

namespace Passthrough.Sdk.Tests.DesiredState;

/// <summary>A host is made as its document says, once; what is changed by hand is fixed; what is not mentioned stays.</summary>
public sealed class StatePlanTests : IDisposable
{
    private const string FirstFunction = "0000:03:00.1";

    private readonly StateHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_host_converges_and_a_second_apply_does_nothing()
    {
        var plan = _host.Plan(StateHost.Everything);
        Assert.False(plan.IsRefused, plan.ToString());
        Assert.Equal(
            [PlanKind.InstallStartHook, PlanKind.VirtualFunctions, PlanKind.Persist, PlanKind.Bind, PlanKind.Persist, PlanKind.CreateMediatedDevice, PlanKind.Boot],
            plan.Parts.Select(part => part.Kind));
        Assert.Equal(Enumerable.Range(1, plan.Steps.Count), plan.Steps.Select(step => step.Number));
        Assert.Equal(plan.Parts.Sum(part => part.Steps.Count), plan.Steps.Count);
        Assert.Equal($"bind the 2 virtual functions of {StateHost.Card} to vfio-pci when they exist", Assert.Single(plan.Deferred).Description);
        Assert.Equal(["the kernel parameter iommu=pt", "the kernel parameter quiet is gone"], plan.AwaitsReboot);
        Assert.Contains("  then: bind the 2 virtual functions", plan.ToString(), StringComparison.Ordinal);
        Assert.Contains("  takes effect with a reboot: the kernel parameter iommu=pt", plan.ToString(), StringComparison.Ordinal);

        var steps = new List<PlanProgress>();
        await plan.ApplyAsync(new OnProgress(steps.Add), Token);

        Assert.Equal(("vfio-pci", "vfio-pci", "e1000e"), (_host.Files.DriverOf(StateHost.Nic), _host.Files.DriverOf(FirstFunction), _host.Files.DriverOf(StateHost.Twin)));
        Assert.Equal(
            ["61-passthrough-0000:01:00.0.rules", "61-passthrough-0000:03:00.0-vfs.rules", "61-passthrough-0000:03:00.1.rules", "61-passthrough-0000:03:00.2.rules"], _host.Rules());
        Assert.Contains("iommu=pt", Grub(), StringComparison.Ordinal);
        Assert.DoesNotContain("quiet", Grub(), StringComparison.Ordinal);
        Assert.True(File.Exists(_host.Files.PathOf(StateHost.Hook)));
        var done = steps.Where(step => step.State == PlanStepState.Done).ToList();
        Assert.Equal(Enumerable.Range(1, done.Count), done.Select(step => step.Step.Number));
        Assert.True(done.Count > plan.Steps.Count);
        Assert.Equal(done.Count, done[^1].Count);

        var second = _host.Plan(StateHost.Everything);
        Assert.Empty(second.Steps);
        Assert.Empty(second.Deferred);
        Assert.Equal(2, second.AwaitsReboot.Count);
        await second.ApplyAsync(cancellationToken: Token);
        var waiting = _host.Check(StateHost.Everything);
        Assert.Equal((false, false, 2), (waiting.IsAsStated, waiting.HasDrifted, waiting.AwaitingReboot.Count));

        _host.Reboot("iommu=pt intel_iommu=on");
        Assert.True(_host.Check(StateHost.Everything).IsAsStated);
        Assert.Contains("nothing to do: the wanted state is already reached", _host.Plan(StateHost.Everything).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_opposite_takes_everything_back()
    {
        await _host.ApplyAsync(StateHost.Everything);
        var plan = _host.Plan(StateHost.Nothing);
        Assert.Equal(
            [PlanKind.RemoveMediatedDevice, PlanKind.Unpersist, PlanKind.Unpersist, PlanKind.Unbind, PlanKind.VirtualFunctions, PlanKind.Boot, PlanKind.RemoveStartHook],
            plan.Parts.Select(part => part.Kind));

        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Equal("e1000e", _host.Files.DriverOf(StateHost.Nic));
        Assert.Empty(_host.Rules());
        Assert.Equal("0", Attribute("sriov_numvfs"));
        Assert.False(File.Exists(_host.Files.PathOf(StateHost.Hook)));
        Assert.Empty(_host.Plan(StateHost.Nothing).Steps);
        Assert.True(_host.Check(StateHost.Nothing).IsAsStated);
    }

    [Fact]
    public async Task What_is_changed_by_hand_is_fixed()
    {
        await _host.ApplyAsync(StateHost.Everything);
        await _host.Files.Open().PlanUnbind([PciAddress.Parse(StateHost.Nic)]).ApplyAsync(cancellationToken: Token);
        File.Delete(_host.Files.PathOf("/etc/udev/rules.d/61-passthrough-0000:03:00.1.rules"));
        await _host.Files.Open().PlanVirtualFunctions(PciAddress.Parse(StateHost.Card), 0).ApplyAsync(cancellationToken: Token);
        Assert.Equal(
            [FindingIds.StateDriverDiffers, FindingIds.StateVirtualFunctionCount],
            _host.Check(StateHost.Everything).Findings.Select(finding => finding.Id).Where(id => id != FindingIds.StateAwaitsReboot).Order(StringComparer.Ordinal));

        await _host.ApplyAsync(StateHost.Everything);

        Assert.Empty(_host.Plan(StateHost.Everything).Steps);
        Assert.Equal(("vfio-pci", "vfio-pci"), (_host.Files.DriverOf(StateHost.Nic), _host.Files.DriverOf(FirstFunction)));
        Assert.Equal(4, _host.Rules().Length);
    }

    [Fact]
    public async Task What_is_not_mentioned_is_left_alone()
    {
        await _host.ApplyAsync(StateHost.Everything);
        var plan = _host.Plan(new());
        Assert.Empty(plan.Steps);
        Assert.True(plan.Report.IsAsStated);

        // Without a driver, virtual functions keep theirs; now only, files stay; at boot only, the driver stays.
        Assert.Empty(_host.Plan(new() { VirtualFunctions = [new(StateHost.Functions(2).Select, 2)] }).Steps);
        Assert.Equal([PlanKind.Unbind], Kinds(StateHost.Device(StateHost.Nic) with { IsAbsent = true, Scope = StateScope.Now }));
        Assert.Equal([PlanKind.Unpersist], Kinds(StateHost.Device(StateHost.Nic) with { IsAbsent = true, Scope = StateScope.AtBoot }));
        Assert.Equal([PlanKind.Bind], Kinds(StateHost.Device(StateHost.Twin) with { Scope = StateScope.Now }));
        Assert.Equal([PlanKind.Persist], Kinds(StateHost.Device(StateHost.Twin) with { Scope = StateScope.AtBoot }));

        IEnumerable<PlanKind> Kinds(DeviceState item) => _host.Plan(new() { Devices = [item] }).Parts.Select(part => part.Kind);
    }

    [Fact]
    public async Task An_ambiguous_selector_refuses_everything_and_may_be_left_out()
    {
        var state = StateHost.Everything with { Devices = [new(new DeviceSelector { VendorId = 0x8086, DeviceId = 0x10d3 })] };
        var plan = _host.Plan(state);
        var finding = Assert.Single(plan.Findings, each => each.Id == FindingIds.StateDeviceAmbiguous);
        Assert.Equal($"vendor 8086, device 10d3 means 2 devices instead of 1: {StateHost.Nic}, {StateHost.Twin}", finding.Title);
        Assert.Empty(plan.Steps);
        await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));
        Assert.False(File.Exists(_host.Files.PathOf(StateHost.Hook)));

        await _host.Plan(state, FindingIds.StateDeviceAmbiguous).ApplyAsync(cancellationToken: Token);
        Assert.Equal(("e1000e", "vfio-pci"), (_host.Files.DriverOf(StateHost.Nic), _host.Files.DriverOf(FirstFunction)));

        await _host.ApplyAsync(new() { Devices = [state.Devices[0] with { Count = 2 }] });
        Assert.Equal(("vfio-pci", "vfio-pci"), (_host.Files.DriverOf(StateHost.Nic), _host.Files.DriverOf(StateHost.Twin)));
    }

    [Fact]
    public async Task A_part_that_fails_takes_itself_back_and_leaves_the_parts_before_it()
    {
        _host.Files.Writing = (path, text) => path.EndsWith("/drivers_probe", StringComparison.Ordinal) ? 5 : 0;
        var failure = await Assert.ThrowsAsync<StateFailedException>(() => _host.ApplyAsync(StateHost.Everything));

        Assert.IsType<PlanFailedException>(failure.InnerException);
        Assert.Equal(PlanKind.Bind, failure.Part.Kind);
        Assert.Equal([PlanKind.InstallStartHook, PlanKind.VirtualFunctions, PlanKind.Persist], failure.Finished.Select(part => part.Kind));
        Assert.Equal("2", Attribute("sriov_numvfs"));
        _host.Files.Writing = null;
        await _host.Files.Open().RecoverAsync(_ => throw new InvalidOperationException("no libvirt"), cancellationToken: Token);
        await _host.ApplyAsync(StateHost.Everything);
        Assert.Empty(_host.Plan(StateHost.Everything).Steps);
    }

    [Fact]
    public void A_guard_of_one_part_refuses_the_whole()
    {
        _host.Files.AddNetworkInterface(StateHost.Nic, "enp1s0", "192.0.2.1/24");
        var plan = _host.Plan(StateHost.Everything);
        Assert.True(plan.IsRefused);
        Assert.Empty(plan.Steps);
        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.DeviceHoldsActiveNetworkInterface);
    }

    [Fact]
    public async Task A_device_that_is_kept_for_guests_becomes_one_with_virtual_functions_in_several_rounds()
    {
        await _host.ApplyAsync(new() { Devices = [StateHost.Device(StateHost.Card)] });
        Assert.Equal("vfio-pci", _host.Files.DriverOf(StateHost.Card));
        var state = new HostState { Devices = [StateHost.Device(StateHost.Card) with { IsAbsent = true }], VirtualFunctions = [StateHost.Functions(4)] };
        var plan = _host.Plan(state);
        Assert.Equal([PlanKind.Unpersist, PlanKind.Unbind], plan.Parts.Select(part => part.Kind));
        Assert.Equal(3, plan.Deferred.Count);

        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Equal(("i40e", "vfio-pci", "4"), (_host.Files.DriverOf(StateHost.Card), _host.Files.DriverOf("0000:03:00.4"), Attribute("sriov_numvfs")));
        Assert.True(_host.Check(state).IsAsStated);
        await _host.ApplyAsync(new() { VirtualFunctions = [StateHost.Functions(2)] });
        Assert.Equal(3, _host.Rules().Length);
    }

    [Fact]
    public async Task Without_an_IOMMU_the_parameters_are_prepared_and_the_bindings_follow_the_reboot()
    {
        using var host = new StateHost("BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet", hasIommu: false);
        var state = new HostState { Devices = [StateHost.Device(StateHost.Nic)], Parameters = [new("intel_iommu=on")] };
        var plan = host.Plan(state);
        Assert.False(plan.IsRefused, plan.ToString());
        Assert.Equal([PlanKind.Persist, PlanKind.Boot], plan.Parts.Select(part => part.Kind));
        Assert.True(Assert.Single(plan.Deferred).AwaitsReboot);

        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Empty(host.Plan(state).Steps);
        Assert.Contains("nothing can be done now", host.Plan(state).ToString(), StringComparison.Ordinal);
        Assert.False(host.Check(state).IsAsStated);

        // Without the parameters, nothing would help.
        Assert.True(host.Plan(new() { Devices = state.Devices }).IsRefused);
    }

    [Fact]
    public void What_cannot_be_planned_is_a_finding_and_may_be_left_out()
    {
        var state = new HostState { Devices = [StateHost.Device(StateHost.Nic)], VirtualFunctions = [new(DeviceSelector.At(PciAddress.Parse(StateHost.Twin)), 2)] };
        Assert.Contains(_host.Plan(state).Findings, finding => finding.Id == FindingIds.StateNotPlannable && finding.Title.Contains("does not support SR-IOV", StringComparison.Ordinal));
        Assert.Equal([PlanKind.Bind, PlanKind.Persist], _host.Plan(state, FindingIds.StateNotPlannable).Parts.Select(part => part.Kind));
    }

    [Fact]
    public void Its_JSON_shows_the_parts_and_is_not_applied()
    {
        var json = _host.Plan(StateHost.Everything).ToJson();
        Assert.Contains("\"kind\": \"state\"", json, StringComparison.Ordinal);
        Assert.Contains("\"awaitsReboot\": [", json, StringComparison.Ordinal);
        Assert.Equal(SavedPlanProblem.AppliedFromState, Assert.Throws<SavedPlanException>(() => SavedPlan.Parse(json)).Problem);
    }

    [Fact]
    public async Task A_host_that_is_changed_back_each_time_is_given_up()
    {
        // As a rule of udev would: the twin loses its driver whenever the NIC gets one.
        var host = _host.Files;
        var state = new HostState { Devices = [StateHost.Device(StateHost.Nic) with { Scope = StateScope.Now }] };
        var rounds = 0;
        var error = await Assert.ThrowsAsync<StateFailedException>(() => _host.ApplyAsync(state, new OnProgress(progress =>
        {
            if (progress is { State: PlanStepState.Done, Step.Kind: PlanStepKind.BindDriver })
            {
                rounds++;
                host.Open().PlanUnbind([PciAddress.Parse(StateHost.Nic)], options: new() { JournalDirectory = "/other" }).ApplyAsync(cancellationToken: Token).Wait(Token);
            }
        })));
        Assert.Equal(5, rounds);
        Assert.Contains("after 5 rounds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hook_needs_a_program()
    {
        var state = new HostState { Hook = new() };
        Assert.Equal(FindingIds.StateHookMissing, Assert.Single(_host.Check(state).Findings).Id);
        Assert.Equal("$.hook.command", Assert.Throws<HostStateException>(() => _host.Plan(state)).Path);
    }

    private string Grub() => File.ReadAllText(_host.Files.PathOf(StateHost.Grub));

    private string Attribute(string name) => File.ReadAllText(_host.Files.PathOf($"{_host.Files.DevicePath(StateHost.Card)}/{name}")).Trim();
}
