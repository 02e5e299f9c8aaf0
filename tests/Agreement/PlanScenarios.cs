using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Agreement;

/// <summary>What the library's plans do on a host, with all their steps, and what is left when they fail.</summary>
public abstract class PlanScenarios : IDisposable
{
    private readonly Stage _stage;

    private protected PlanScenarios(Stage stage) => _stage = stage;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _stage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_nic_is_assigned_to_a_domain_that_is_off_and_released()
    {
        var said = new Transcript(_stage, "plan-off");
        using var guest = Guest.Define(_stage, "agreed");
        await said.Apply("assign", () => _stage.Host.Plan([PciAddress.Parse(Stage.Nic)], guest.Domain), Token);
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        await said.Apply("assign again", () => _stage.Host.Plan([PciAddress.Parse(Stage.Nic)], guest.Domain), Token);
        said.Try("start", () => guest.Domain.Start());
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        said.Try("destroy", () => guest.Domain.Destroy());
        said.State(Stage.Nic);
        await said.Apply("release", () => _stage.Host.PlanRelease([PciAddress.Parse(Stage.Nic)], guest.Domain), Token);
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public async Task A_running_guest_gets_a_nic_and_does_not_release_it()
    {
        var said = new Transcript(_stage, "plan-running");
        using var guest = Guest.Define(_stage, "agreed");
        said.Try("start", () => guest.Domain.Start());
        await said.Apply("assign", () => _stage.Host.Plan([PciAddress.Parse(Stage.Nic)], guest.Domain), Token);
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        guest.DoesNotAnswer();
        var impatient = new PlanOptions { UnplugTimeout = TimeSpan.FromSeconds(3) };
        await said.Apply("release", () => _stage.Host.PlanRelease([PciAddress.Parse(Stage.Nic)], guest.Domain, impatient), Token);
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        said.Try("destroy", () => guest.Domain.Destroy());
        await said.Apply("release", () => _stage.Host.PlanRelease([PciAddress.Parse(Stage.Nic)], guest.Domain), Token);
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public async Task A_whole_group_is_assigned_and_half_of_it_is_refused()
    {
        var said = new Transcript(_stage, "plan-group");
        using var guest = Guest.Define(_stage, "agreed");
        await said.Apply("assign half", () => _stage.Host.Plan([PciAddress.Parse(Stage.SharedNic)], guest.Domain), Token);
        said.State(Stage.SharedNic, Stage.OtherSharedNic);
        var whole = new AssignmentRequest(PciAddress.Parse(Stage.SharedNic)) { WholeGroups = true };
        await said.Apply("assign the group", () => _stage.Host.Plan(whole, guest.Domain), Token);
        said.DevicesOf(guest.Domain);
        said.Try("start", () => guest.Domain.Start());
        said.DevicesOf(guest.Domain);
        said.State(Stage.SharedNic, Stage.OtherSharedNic);
        said.Try("destroy", () => guest.Domain.Destroy());
        await said.Apply("release", () => _stage.Host.PlanRelease([PciAddress.Parse(Stage.SharedNic), PciAddress.Parse(Stage.OtherSharedNic)], guest.Domain), Token);
        said.DevicesOf(guest.Domain);
        said.State(Stage.SharedNic, Stage.OtherSharedNic);
        said.End();
    }

    [Fact]
    public async Task A_nic_of_another_domain_is_refused()
    {
        var said = new Transcript(_stage, "plan-refused");
        using var first = Guest.Define(_stage, "first", Guest.Hostdev(Stage.Nic));
        using var second = Guest.Define(_stage, "second");
        said.Try("start the first", () => first.Domain.Start());
        await said.Apply("assign to the second", () => _stage.Host.Plan([PciAddress.Parse(Stage.Nic)], second.Domain), Token);
        said.DevicesOf(second.Domain);
        await said.Apply("release from the second", () => _stage.Host.PlanRelease([PciAddress.Parse(Stage.Nic)], second.Domain), Token);
        said.State(Stage.Nic);
        said.Try("destroy the first", () => first.Domain.Destroy());
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public async Task Devices_are_bound_to_VFIO_and_return()
    {
        var said = new Transcript(_stage, "plan-bind");
        await said.Apply("bind", () => _stage.Host.PlanBind([PciAddress.Parse(Stage.Nic), PciAddress.Parse(Stage.Sound)]), Token);
        said.State(Stage.Nic, Stage.Sound);
        await said.Apply("bind again", () => _stage.Host.PlanBind([PciAddress.Parse(Stage.Nic)]), Token);
        await said.Apply("reset", () => _stage.Host.PlanReset(PciAddress.Parse(Stage.Nic), "pm"), Token);
        await said.Apply("unbind", () => _stage.Host.PlanUnbind([PciAddress.Parse(Stage.Nic), PciAddress.Parse(Stage.Sound)]), Token);
        said.State(Stage.Nic, Stage.Sound);
        await said.Apply("bind to a driver that does not exist", () => _stage.Host.PlanBind([PciAddress.Parse(Stage.Nic)], "no-such-driver"), Token);
        said.State(Stage.Nic);
        await said.Apply("bind half a group", () => _stage.Host.PlanBind([PciAddress.Parse(Stage.SharedNic)]), Token);
        said.State(Stage.SharedNic);
        await said.Apply("unbind it", () => _stage.Host.PlanUnbind([PciAddress.Parse(Stage.SharedNic)]), Token);
        said.State(Stage.SharedNic);
        said.End();
    }

    [Fact]
    public async Task Virtual_functions_are_created_changed_and_removed()
    {
        var said = new Transcript(_stage, "plan-virtual-functions");
        said.WriteTo(Stage.Disk, "sriov_drivers_autoprobe", "0");
        await said.Apply("two", () => _stage.Host.PlanVirtualFunctions(PciAddress.Parse(Stage.Disk), 2), Token);
        said.State("0000:02:00.1", "0000:02:00.2");
        await said.Apply("two again", () => _stage.Host.PlanVirtualFunctions(PciAddress.Parse(Stage.Disk), 2), Token);
        await said.Apply("nine", () => _stage.Host.PlanVirtualFunctions(PciAddress.Parse(Stage.Disk), 9), Token);
        await said.Apply("one", () => _stage.Host.PlanVirtualFunctions(PciAddress.Parse(Stage.Disk), 1), Token);
        said.State("0000:02:00.1", "0000:02:00.2");
        await said.Apply("bind it", () => _stage.Host.PlanBind([PciAddress.Parse("0000:02:00.1")]), Token);
        said.State("0000:02:00.1");
        await said.Apply("none", () => _stage.Host.PlanVirtualFunctions(PciAddress.Parse(Stage.Disk), 0), Token);
        said.State("0000:02:00.1");
        said.WriteTo(Stage.Disk, "sriov_drivers_autoprobe", "1");
        said.End();
    }
}
