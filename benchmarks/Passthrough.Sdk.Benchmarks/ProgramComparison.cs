using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>The published command line beside lspci, whole processes, turn and turn about in one run.</summary>
internal static unsafe partial class ProgramComparison
{
    private const int Rounds = 15;

    /// <summary>Measures.</summary>
    /// <param name="root">The tree, or <c>/</c>.</param>
    /// <param name="program">The published command line.</param>
    public static void Run(string root, string program)
    {
        string[] ours = root == "/" ? ["list"] : ["list", "--json", "--root", root];
        string[] theirs = root == "/" ? [] : ["-vmmnnkD", "-O", $"sysfs.path={root}/sys/bus/pci"];
        var (passthrough, lspci) = (new Samples(), new Samples());
        for (var i = 0; i < Rounds; i++)
        {
            lspci.Add(Time("lspci", theirs));
            passthrough.Add(Time(program, ours));
        }

        Console.WriteLine($"{root}: median of {Rounds}, elapsed (processor):");
        Console.WriteLine($"  lspci {string.Join(' ', theirs)}: {lspci}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  passthrough {string.Join(' ', ours)}: {passthrough}   {passthrough.Elapsed / lspci.Elapsed:f2} ({passthrough.Processor / lspci.Processor:f2}) x lspci"));
    }

    internal static (double Elapsed, double Processor) Time(string program, string[] arguments)
    {
        var before = ChildrensTime();
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        process.WaitForExit();
        return (Stopwatch.GetElapsedTime(start).TotalMicroseconds, ChildrensTime() - before);
    }

    // .NET does not tell the processor time of a process that has ended; the kernel adds it up here.
    private static double ChildrensTime()
    {
        const int Children = -1, Longs = 18;
        var usage = stackalloc long[Longs];
        _ = GetResourceUsage(Children, usage);
        return ((usage[0] + usage[2]) * 1e6) + usage[1] + usage[3];
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, long* usage);
}
