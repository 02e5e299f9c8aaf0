using System.Diagnostics;
using System.Globalization;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>The capture that <c>list</c> needs beside its rivals, turn and turn about in one run, so that noise hits all alike.</summary>
internal static class CaptureComparison
{
    private const int Rounds = 21;

    /// <summary>Measures.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="floor">The C floor's program (benchmarks/peers/build).</param>
    public static void Run(string root, string floor)
    {
        var host = PassthroughHost.At(root);
        var count = host.Capture(CaptureOptions.DevicesOnly).Devices.Count;
        IdiomaticLoop.Read(root);
        var (ours, idiomatic, c) = (new Samples(), new Samples(), new Samples());
        for (var i = 0; i < Rounds; i++)
        {
            c.Add(Floor(floor, root));
            ours.Time(() => host.Capture(CaptureOptions.DevicesOnly));
            if (i % 4 == 0)
            {
                idiomatic.Time(() => IdiomaticLoop.Read(root));
            }
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        _ = host.Capture(CaptureOptions.DevicesOnly);
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} functions, {(double)bytes / count:f0} bytes allocated a function; median of {Rounds}, elapsed (processor):"));
        Console.WriteLine($"  C floor           {c}");
        Console.WriteLine($"  capture           {ours}   {ours.Elapsed / c.Elapsed:f2} ({ours.Processor / c.Processor:f2}) x floor");
        Console.WriteLine($"  File.ReadAllText  {idiomatic}   {idiomatic.Elapsed / ours.Elapsed:f1} ({idiomatic.Processor / ours.Processor:f1}) x capture");
    }

    private static (double Elapsed, double Processor) Floor(string program, string root)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [root, "1"]) { RedirectStandardOutput = true })!;
        var words = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
