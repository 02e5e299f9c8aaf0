using System.Diagnostics;
using System.Globalization;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Explain;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>The long fuzz run through explain; the short one is a unit test. Both share <see cref="ExplainFuzz"/>.</summary>
internal static class ExplainFuzzRun
{
    public static void Run(long count, int seed)
    {
        using var host = FakeHost.Create()
            .WriteFile("/proc/cmdline", "root=/dev/sda1 intel_iommu=on\n")
            .WriteFile("/proc/sys/kernel/osrelease", "6.1.0-test\n")
            .WriteFile("/proc/modules", "vfio_pci 16384 0 - Live 0x0\n")
            .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 9);
        var fuzz = new ExplainFuzz(PassthroughHost.At(host.Root).Capture(), seed);
        var start = Stopwatch.GetTimestamp();
        fuzz.Run(count);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} texts (random seed {seed}) in {Stopwatch.GetElapsedTime(start).TotalSeconds:f0} s: {fuzz.Recognised} recognised, no exception; the slowest took {fuzz.Slowest.Time.TotalMilliseconds:f1} ms, for {fuzz.Slowest.Length} characters"));
    }
}
