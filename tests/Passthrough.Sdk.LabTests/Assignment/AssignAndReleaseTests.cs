using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Assignment;

/// <summary>A real NIC changes hands, and everything is as before afterwards.</summary>
public abstract class AssignAndReleaseTests
{
    protected AssignAndReleaseTests() => Shell.Run("modprobe vfio-pci");

    [Fact]
    public async Task A_stopped_domain_gets_the_NIC_at_its_start_and_the_host_gets_it_back_at_its_end()
    {
        using var vm = LabDomain.Define("stopped");
        var before = vm.Definition;
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));

        vm.Domain.Start();
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        Assert.Contains("10d3", Shell.Run("virsh qemu-monitor-command stopped --hmp 'info pci'"), StringComparison.Ordinal);

        vm.Domain.Destroy();
        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal(before, vm.Definition);
    }

    [Fact]
    public async Task A_running_domain_gets_the_NIC_at_once()
    {
        using var vm = LabDomain.Define("running");
        vm.Domain.Start();
        var plan = PassthroughHost.Local().Plan([Device.Nic], vm.Domain);
        Assert.Equal([PlanStepKind.AddToDefinition, PlanStepKind.AttachLive], plan.Steps.Select(step => step.Kind));

        await plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        Assert.Contains("10d3", Shell.Run("virsh qemu-monitor-command running --hmp 'info pci'"), StringComparison.Ordinal);
        Assert.Empty(PassthroughHost.Local().Plan([Device.Nic], vm.Domain).Steps);

        vm.Domain.Destroy();
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }

    [Fact]
    public async Task A_plan_whose_third_step_fails_leaves_everything_as_before()
    {
        // The port that was free when the plan was made is taken by something else before the step that needs it.
        using var vm = LabDomain.Define("crowded", freePorts: 2, devices: "<controller type='pci' model='pcie-to-pci-bridge'/>");
        var soundDriver = Device.DriverOf(Device.Sound);
        vm.Domain.Start();
        var before = vm.Definition;

        var error = await Assert.ThrowsAsync<PlanFailedException>(() =>
            PassthroughHost.Local().Plan([Device.Nic, Device.Sound], vm.Domain).ApplyAsync(
                new OnProgress(progress =>
                {
                    if (progress is { Step.Number: 3, State: PlanStepState.Started })
                    {
                        vm.Domain.AttachDevice("<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>", DeviceAffect.Live);
                    }
                }),
                TestContext.Current.CancellationToken));

        Assert.Equal((3, PlanStepKind.AttachLive), (error.Step.Number, error.Step.Kind));
        Assert.IsType<LibvirtException>(error.InnerException);
        Assert.Empty(error.NotUndone);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal(soundDriver, Device.DriverOf(Device.Sound));
        Assert.Equal(before, vm.Definition);
        Assert.Empty(Directory.GetFiles(new PlanOptions().JournalDirectory, "*.json"));
    }

    [Fact]
    public async Task A_guest_that_never_answers_keeps_the_device_and_the_error_says_why()
    {
        using var vm = LabDomain.Define("mute");
        vm.Domain.Start();
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        var before = vm.Definition;

        var options = new PlanOptions { UnplugTimeout = TimeSpan.FromSeconds(2) };
        var error = await Assert.ThrowsAsync<PlanFailedException>(() =>
            PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain, options).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("did not release", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, vm.Definition);
        vm.Domain.Destroy();
        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }
}

/// <summary>The same on Intel's IOMMU.</summary>
[LabHost(Iommu.Vtd)]
public sealed class AssignAndReleaseOnVtdTests : AssignAndReleaseTests;

/// <summary>The same on AMD's.</summary>
[LabHost(Iommu.AmdVi)]
public sealed class AssignAndReleaseOnAmdViTests : AssignAndReleaseTests;
