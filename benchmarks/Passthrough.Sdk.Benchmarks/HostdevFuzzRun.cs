using System.Diagnostics;
using System.Globalization;
using Passthrough.Sdk.Tests.Hostdev;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>The long fuzz run; the short one is a unit test. Both share <see cref="HostdevFuzz"/>.</summary>
internal static class HostdevFuzzRun
{
    public static void Run(long count, int seed)
    {
        var fuzz = new HostdevFuzz(FuzzSeeds.All, seed);
        var start = Stopwatch.GetTimestamp();
        fuzz.Run(count, compareEach: 10);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} inputs from {FuzzSeeds.All.Length} seeds (random seed {seed}) in {Stopwatch.GetElapsedTime(start).TotalSeconds:f0} s: {fuzz.Accepted} accepted, "
            + $"{fuzz.Compared} compared with XmlReader; at most {fuzz.Largest.Bytes} bytes allocated, for {fuzz.Largest.Length} characters"));
    }
}
