using System.Diagnostics;
using System.Globalization;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests;

/// <summary>The cost of binding a device, beside a C program that does only the three writes, turn and turn about.</summary>
/// <remarks>
/// Inside the lab's host: <c>Passthrough.Sdk.LabTests -explicit only -class "*BindCostTests"</c>. The figures are written to
/// /out/bind.md; benchmarks/README.md has the last ones.
/// </remarks>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class BindCostTests
{
    private const int Turns = 15;

    [Fact(Explicit = true)]
    public async Task Measure()
    {
        Shell.Run($"modprobe vfio-pci; gcc -O2 -o /run/bind {Repository.PathOf("benchmarks/peers/bind.c")}");
        var host = PassthroughHost.Local();
        var (writes, steps, plans) = (new List<double>(), new List<double>(), new List<double>());
        for (var turn = 0; turn <= Turns; turn++)
        {
            var written = double.Parse(Shell.Run($"/run/bind {Device.Nic} e1000e 1"), CultureInfo.InvariantCulture) / 1e6;
            var watch = new StepWatch();
            var start = Stopwatch.GetTimestamp();
            await host.PlanBind([Device.Nic]).ApplyAsync(watch, TestContext.Current.CancellationToken);
            var whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await host.PlanUnbind([Device.Nic]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            if (turn > 0) // the first turn compiles
            {
                writes.Add(written);
                steps.Add(watch.Elapsed.TotalMilliseconds);
                plans.Add(whole);
            }
        }

        var row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {Turns} turns, median | the three writes in C {Figures.Median(writes):0.0} ms | the step {Figures.Median(steps):0.0} ms ({Figures.Median(steps) / Figures.Median(writes):0.00} times) | plan and apply {Figures.Median(plans):0.0} ms |");
        TestContext.Current.TestOutputHelper!.WriteLine(row);
        await File.WriteAllTextAsync("/out/bind.md", row + "\n", TestContext.Current.CancellationToken);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }

    /// <summary>Takes the time from the start of a step to its verified end.</summary>
    private sealed class StepWatch : IProgress<PlanProgress>
    {
        private long _start;

        public TimeSpan Elapsed { get; private set; }

        public void Report(PlanProgress value)
        {
            if (value.State == PlanStepState.Started)
            {
                _start = Stopwatch.GetTimestamp();
            }
            else if (value.State == PlanStepState.Done)
            {
                Elapsed = Stopwatch.GetElapsedTime(_start);
            }
        }
    }
}
