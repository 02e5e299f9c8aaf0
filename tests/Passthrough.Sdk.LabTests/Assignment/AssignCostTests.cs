using System.Diagnostics;
using System.Globalization;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.LabTests.Assignment;

/// <summary>The cost of assigning a device to a running guest, beside <c>virsh attach-device --live --config</c>, turn and turn about.</summary>
/// <remarks>
/// Inside the lab's host: <c>Passthrough.Sdk.LabTests -explicit only -class "*AssignCostTests"</c>. The figures are written to
/// /out/assign.md; benchmarks/README.md has the last ones.
/// </remarks>
[LabHost(Iommu.Vtd, Card = true)]
public sealed class AssignCostTests
{
    private const int Turns = 11;

    [Fact(Explicit = true)]
    public async Task Measure()
    {
        Shell.Run("modprobe vfio-pci");
        await File.WriteAllTextAsync("/run/nic.xml", DomainXml.HostdevOf(Device.Nic), TestContext.Current.CancellationToken);
        using var vm = LabDomain.Define("costly");
        var host = PassthroughHost.Local();
        var (plain, step, whole) = (new List<double>(), new List<double>(), new List<double>());
        for (var turn = 0; turn <= Turns; turn++)
        {
            vm.Domain.Start();
            var start = Stopwatch.GetTimestamp();
            Shell.Run("virsh attach-device costly /run/nic.xml --live --config");
            var virsh = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            vm.Domain.Destroy(); // the guest has no operating system that would release the device
            Shell.Run("virsh detach-device costly /run/nic.xml --config");
            Assert.Equal("e1000e", Device.DriverOf(Device.Nic));

            vm.Domain.Start();
            start = Stopwatch.GetTimestamp();
            var plan = host.Plan([Device.Nic], vm.Domain);
            var planned = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            var all = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            vm.Domain.Destroy();
            await host.PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            if (turn > 0) // the first turn compiles
            {
                plain.Add(virsh);
                step.Add(all - planned);
                whole.Add(all);
            }
        }

        var row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {Turns} turns, median | virsh attach-device --live --config {Figures.Median(plain):0} ms | ApplyAsync, with journal, guards and verification {Figures.Median(step):0} ms ({Figures.Median(step) / Figures.Median(plain):0.00} times) | plan and apply {Figures.Median(whole):0} ms ({Figures.Median(whole) / Figures.Median(plain):0.00} times) |");
        TestContext.Current.TestOutputHelper!.WriteLine(row);
        await File.WriteAllTextAsync("/out/assign.md", row + "\n", TestContext.Current.CancellationToken);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }
}
