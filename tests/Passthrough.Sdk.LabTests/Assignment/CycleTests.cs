using System.Diagnostics;
using System.Globalization;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Assignment;

/// <summary>Many assignments and releases one after another leave nothing behind, and the last are as quick as the first.</summary>
/// <remarks>
/// Explicit, since it takes minutes: inside the lab's host, after tests/lab/services,
/// <c>Passthrough.Sdk.LabTests -explicit only -class "*CycleTests"</c>; the figures are written to /out/cycles.md.
/// </remarks>
[LabHost(Iommu.Vtd, Card = true)]
public sealed class CycleTests
{
    private const int Cycles = 200;
    private const int Ends = 10;

    [Fact(Explicit = true)]
    public async Task Two_hundred_cycles_leave_nothing()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("cycled");
        var host = PassthroughHost.Local();
        var definition = vm.Definition;
        var groups = Directory.GetDirectories("/sys/kernel/iommu_groups").Length;
        var (times, handles, memory) = (new List<double>(), 0, 0L);
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            var start = Stopwatch.GetTimestamp();
            // Bound by the plan, so that each cycle moves the device between its drivers.
            await host.Plan(new AssignmentRequest(Device.Nic) { IsManaged = false }, vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
            await host.PlanRelease(new ReleaseRequest(Device.Nic), vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (cycle == 2 * Ends) // everything is compiled, and every pool is filled
            {
                (handles, memory) = Used();
            }
        }

        var (handlesAfter, memoryAfter) = Used();
        var (first, last) = (times.Take(Ends).Average(), times.TakeLast(Ends).Average());
        var row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {Cycles} cycles | first {Ends}: {first:0} ms each, last {Ends}: {last:0} ms ({last / first:0.00} times) | open files {handles}, then {handlesAfter} | managed memory {memory / 1024} KiB, then {memoryAfter / 1024} KiB |");
        TestContext.Current.TestOutputHelper!.WriteLine(row);
        await File.WriteAllTextAsync("/out/cycles.md", row + "\n", TestContext.Current.CancellationToken);
        Assert.Equal(definition, vm.Definition);
        Assert.Equal("", HostPicture.Entries());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(new PlanOptions().JournalDirectory, "assigned")));
        Assert.Equal(groups, Directory.GetDirectories("/sys/kernel/iommu_groups").Length);
        Assert.Equal("", Shell.Try("ls /dev/vfio | grep -v vfio").Output.Trim()); // a group's node is there while a device of it is bound to VFIO
        Assert.True(handlesAfter <= handles + 2, row);
        Assert.True(memoryAfter <= memory * 5 / 4, row);
    }

    private static (int Handles, long Memory) Used()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return (Directory.GetFileSystemEntries("/proc/self/fd").Length, GC.GetTotalMemory(forceFullCollection: true));
    }
}
