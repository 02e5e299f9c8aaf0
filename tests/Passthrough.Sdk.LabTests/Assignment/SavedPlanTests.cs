using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Assignment;

/// <summary>A plan that one process wrote, reviewed as a file, is applied by another one; and it is refused where the host has changed.</summary>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class SavedPlanTests
{
    private const string File = "/run/plan.json";

    public SavedPlanTests() => Shell.Run("modprobe vfio-pci");

    [Fact]
    public void A_plan_from_a_file_gives_the_NIC_to_the_guest_and_a_release_from_a_file_takes_it_back()
    {
        using var vm = LabDomain.Define("saved");
        vm.Domain.Start();
        var before = vm.Definition;
        var driver = Device.DriverOf(Device.Nic);
        Shell.Run($"{CommandLine.Program} plan {Device.Nic} --domain saved --json >{File}");

        Shell.Run($"{CommandLine.Program} apply {File} --yes");
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        Assert.True(HostPicture.Of(Device.Nic, vm).IsLive);

        // The same file once more: nothing of it is left to do, and that is not what was reviewed.
        var (code, _, errors) = Shell.Try($"{CommandLine.Program} apply {File} --yes");
        Assert.True(code == 1, $"exit code {code}: {errors}");
        Assert.Contains("no longer what was reviewed", errors, StringComparison.Ordinal);

        vm.Domain.Destroy();
        Shell.Run($"{CommandLine.Program} release {Device.Nic} --domain saved --dry-run --json >{File}");
        Shell.Run($"{CommandLine.Program} apply {File} --yes");
        Assert.Equal(driver, Device.DriverOf(Device.Nic));
        Assert.Equal(before, vm.Definition);
        Assert.Equal("", HostPicture.Entries());
    }

    [Fact]
    public void A_plan_of_another_boot_is_refused()
    {
        using var vm = LabDomain.Define("saved");
        var before = HostPicture.Of(Device.Nic, vm);
        Shell.Run($"{CommandLine.Program} plan {Device.Nic} --domain saved --json >{File}");
        var boot = Shell.Run("cat /proc/sys/kernel/random/boot_id");
        Shell.Run($"grep -q {boot} {File} && sed -i 's/{boot}/00000000-0000-4000-8000-000000000000/' {File}");

        var (code, _, errors) = Shell.Try($"{CommandLine.Program} apply {File} --yes");

        Assert.True(code == 1, $"exit code {code}: {errors}");
        Assert.Contains("make a new plan", errors, StringComparison.Ordinal);
        Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
    }
}
