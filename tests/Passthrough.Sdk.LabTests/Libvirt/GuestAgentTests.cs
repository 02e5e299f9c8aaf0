using Passthrough.LabTests.Assignment;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Guests;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Libvirt;

/// <summary>A guest with Debian's qemu-guest-agent says what it lists, through libvirt's library for QEMU.</summary>
/// <remarks>
/// Explicit, since it takes minutes under emulation: inside the lab's host, after tests/lab/services,
/// <c>Passthrough.Sdk.LabTests -explicit only -class "*GuestAgentTests"</c>.
/// </remarks>
[LabHost(Iommu.Vtd)]
public sealed class GuestAgentTests
{
    private const string Name = "agent";

    public GuestAgentTests() => Shell.Run("modprobe vfio-pci");

    [Fact(Explicit = true)]
    public async Task The_guest_lists_the_NIC_that_a_plan_gave_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Shell.Run($"{Repository.PathOf("tests/lab/proof/define")} {Name} --agent");
        using var vm = LabDomain.Find(Name);
        Assert.Contains("the domain is not running", (await vm.Domain.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(2), cancellation)).Reason, StringComparison.Ordinal);
        vm.Domain.Start();
        Assert.Contains("no agent has opened the channel", (await vm.Domain.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(2), cancellation)).Reason, StringComparison.Ordinal);
        Shell.Run($$"""for i in $(seq 300); do virsh qemu-agent-command {{Name}} '{"execute":"guest-ping"}' 2>/dev/null && exit 0; sleep 1; done; tail -n 30 /run/lab/{{Name}}.log >&2; exit 1""");

        // The same answer as virsh.
        Assert.Equal(
            Shell.Run($$"""virsh qemu-agent-command {{Name}} '{"execute":"guest-get-host-name"}'""").Trim(),
            vm.Domain.QemuAgentCommand("""{"execute":"guest-get-host-name"}""", 10));
        Assert.Contains("guest-none", Assert.Throws<LibvirtException>(() => vm.Domain.QemuAgentCommand("""{"execute":"guest-none"}""", 10)).NativeMessage, StringComparison.Ordinal);

        // The plan asks the guest when it is complete.
        var said = new List<PlanProgress>();
        var options = new PlanOptions { VerifiesInGuest = true, GuestTimeout = TimeSpan.FromMinutes(2) };
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain, options).ApplyAsync(new OnProgress(said.Add), cancellation);
        var check = said[^1].Guest!;
        Assert.Matches("^the guest lists 8086:10d3 at 0000:0.:00.0 with the driver e1000e$", check.Message);
        Assert.Equal((PlanStepKind.AttachLive, PlanStepState.CheckedInGuest), (said[^1].Step.Kind, said[^1].State));

        // Both ways to ask have the same answer.
        var listed = await vm.Domain.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(60), cancellation);
        Assert.Equal("/proc/bus/pci/devices", listed.Source);
        Assert.Contains(listed.Value!.Devices, device => device == check.Listed);
        Assert.Contains(listed.Value.Devices, device => device is { VendorId: 0x1af4, Driver: "virtio-pci" });
        var agent = new GuestAgent(vm.Domain.QemuAgentCommand, TimeSpan.FromMinutes(1), TimeProvider.System);
        var script = GuestPciLists.ReadSysfs(await GuestProgram.RunAsync(agent, GuestPciLists.Script, cancellation));
        Assert.Equal(listed.Value.Devices.OrderBy(device => device.Address), script.OrderBy(device => device.Address));

        // A guest that hangs.
        Shell.Run($"virsh suspend {Name}");
        var silent = await vm.Domain.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(3), cancellation);
        Assert.True(silent.IsUnknown, silent.ToString());
        Shell.Run($"virsh resume {Name}");

        vm.Domain.Destroy();
        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: cancellation);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }
}
