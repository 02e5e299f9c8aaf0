using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Assignment;

/// <summary>A program that ends half way: the journal it leaves is enough to take everything back.</summary>
[LabHost(Iommu.Vtd)]
public sealed class CrashTests
{
    [Fact]
    public async Task What_a_crash_left_is_taken_back_by_another_program()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("crashed");
        vm.Domain.Start();
        var before = vm.Definition;

        // What a power cut of the program leaves: the journal as it stood when the second step was begun, and its effects.
        var options = new PlanOptions { JournalDirectory = Directory.CreateTempSubdirectory("journal-").FullName };
        var journal = (Path: "", Text: "");
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain, options)
            .ApplyAsync(
                new OnProgress(p =>
                {
                    if (p is { Step.Number: 2, State: PlanStepState.Started })
                    {
                        var path = Directory.GetFiles(options.JournalDirectory, "*.json").Single();
                        journal = (path, File.ReadAllText(path));
                    }
                }),
                TestContext.Current.CancellationToken);
        vm.Domain.Destroy(); // the guest in its firmware would never let go of it
        await File.WriteAllTextAsync(journal.Path, journal.Text, TestContext.Current.CancellationToken);

        var recovered = await PassthroughHost.Local().RecoverAsync(uri => LibvirtConnection.Open(uri), options);

        Assert.Empty(Assert.Single(recovered).NotUndone);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal(before, vm.Definition);
        Assert.Empty(await PassthroughHost.Local().RecoverAsync(uri => LibvirtConnection.Open(uri), options));
    }
}
