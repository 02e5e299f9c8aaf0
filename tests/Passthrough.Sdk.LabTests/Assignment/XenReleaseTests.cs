using Passthrough.LabTests.Faults;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Assignment;

/// <summary>
/// Paravirtualised guests of Xen: libvirt's driver gives their devices no names, leaves one behind when a guest ends by itself, and leaves
/// its address in pciback's list whenever it returns one.
/// </summary>
/// <remarks>Such a guest takes a minute or two to start under emulation, so each scenario tries on its guest whatever needs one.</remarks>
[LabHost(Iommu.Vtd, Xen = true)]
public sealed class XenReleaseTests : IDisposable
{
    public XenReleaseTests() => Shell.Run("modprobe xen-pciback");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => LeftJournal.Clear();

    [Fact]
    public async Task A_NIC_goes_to_a_guest_and_comes_back_while_it_runs()
    {
        using var vm = LabDomain.DefineAnsweringOnXen("pv", "", switchesItselfOff: false);
        var start = HostPicture.Of(Device.Nic, vm);
        var request = new AssignmentRequest(Device.Nic) { Elements = [new PciHostDevice { Address = Device.Nic, Driver = new HostDriver { Backend = HostBackend.Xen }, WriteFiltering = false }] };
        await PassthroughHost.Local().Plan(request, vm.Domain).ApplyAsync(cancellationToken: Token);
        Assert.Contains("writeFiltering='no'", vm.Definition, StringComparison.Ordinal);
        vm.Domain.Start();
        vm.WaitUntilSeenOnXen();
        var pciback = Pciback();
        Assert.Equal(("pciback", [Device.Nic], [Device.Nic]), (Device.DriverOf(Device.Nic), pciback.Slots.Value, pciback.Permissive.Value));

        new Fault("Xen, the device is in a running domain")
        {
            Inject = "true", Guest = GuestKind.XenPv, Attempt = Attempts.StartOnXen,
            Doctor = FindingIds.DeviceInUseByDomain, Says = "is in use by driver xenlight, domain pv",
        }.Show();
        new Fault("Xen, `xl pci-attach` of a device that is still on its driver")
        {
            Inject = "true", Device = Device.Sound, Guest = GuestKind.XenPv, Attempt = Attempts.AttachWithXl("pv"),
            Doctor = null, Says = "is not assignable", Explain = FindingIds.DeviceDriverBindFailed,
        }.Show();

        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: Token);
        ShouldBeAsAtFirst();

        // Killed while libvirt plugs it in, which libvirt goes on with.
        using (var assign = RunningCommand.Start($"assign {Device.Nic} --domain pv --connect xen:///system --yes"))
        {
            Shell.Run($"timeout 120 bash -c 'until read -r name </sys/bus/pci/devices/{Device.Nic}/driver_override && [ $name = pciback ]; do :; done; kill -KILL {assign.Id}'");
            var ended = assign.WaitForEnd();
            Assert.True(HostPicture.Entries().Length > 0, ended.ToString());
        }

        var (code, output, errors) = Shell.Try($"{CommandLine.Program} recover");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        ShouldBeAsAtFirst();

        // Plugged in while it runs.
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: Token);
        Assert.Equal("pciback", Device.DriverOf(Device.Nic));
        vm.WaitUntilSeenOnXen();
        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: Token);
        ShouldBeAsAtFirst();

        void ShouldBeAsAtFirst()
        {
            Assert.DoesNotContain("01:00.0", Shell.Run("xl pci-list pv"), StringComparison.Ordinal);
            Assert.True(vm.Domain.IsActive());
            Assert.Equal(start, HostPicture.Of(Device.Nic, vm));
            var lists = Pciback();
            Assert.True(lists.Slots.Value.IsEmpty && lists.Permissive.Value.IsEmpty, $"slots {string.Join(' ', lists.Slots.Value)}, permissive {string.Join(' ', lists.Permissive.Value)}");
        }
    }

    /// <summary>
    /// libvirt returns the device itself after a while, in which the domain counts as running and shut off at once; its address stays in
    /// pciback's list. A program may be killed on the way back.
    /// </summary>
    [Fact]
    public async Task A_NIC_comes_back_after_the_guest_switched_itself_off()
    {
        using var vm = LabDomain.DefineAnsweringOnXen("pvoff", "", switchesItselfOff: true);
        var start = HostPicture.Of(Device.Nic, vm);
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: Token);
        vm.Domain.Start();
        Assert.Equal("pciback", Device.DriverOf(Device.Nic));
        Shell.Run("timeout 300 sh -c 'while virsh -c xen:///system list --name | grep -q pvoff; do sleep 0.5; done'");

        using (var release = RunningCommand.Start($"release {Device.Nic} --domain pvoff --connect xen:///system"))
        {
            release.WaitFor("done: 1.");
            release.Signal("KILL");
            release.WaitForEnd();
        }

        var (code, output, errors) = Shell.Try($"{CommandLine.Program} recover");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: Token);

        Assert.Equal(start, HostPicture.Of(Device.Nic, vm));
        Assert.True(Pciback().Slots.Value.IsEmpty);
    }

    /// <summary>The state in which a guest leaves the host if libvirt cannot return its device, made without the guest.</summary>
    [Fact]
    public async Task A_NIC_that_stayed_on_pciback_is_named_and_comes_back_with_a_release()
    {
        using var vm = LabDomain.DefineOnXen("gone", "");
        var start = HostPicture.Of(Device.Nic, vm);
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: Token);
        new Fault("Xen, a guest is gone and its device stayed on pciback")
        {
            Inject = $"virsh -c xen:///system nodedev-detach {Device.Nic.NodeDeviceName}",
            Guest = GuestKind.XenPv, IsTried = false, Doctor = FindingIds.XenDeviceNotReturned, Says = null,
        }.Show();
        Assert.Equal("pciback", Device.DriverOf(Device.Nic));

        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: Token);

        Assert.Equal(start, HostPicture.Of(Device.Nic, vm));
        Assert.True(Pciback().Slots.Value.IsEmpty);
    }

    private static PcibackStatus Pciback() => PassthroughHost.Local().Capture().System.Environment.Xen.Pciback;
}
