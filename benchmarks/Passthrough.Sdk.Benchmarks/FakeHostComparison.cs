using System.Diagnostics;
using System.Globalization;
using System.IO.Abstractions.TestingHelpers;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>
/// One test of a user: a host with three devices is made, checked, and one of its devices is checked. In memory, in a directory of tmpfs, and in a
/// MockFileSystem with the same files, turn and turn about in one run, on one thread.
/// </summary>
internal static class FakeHostComparison
{
    private const int WarmUp = 3;
    private const string Nic = "0000:01:00.0";

    private static readonly CaptureOptions Everything = new() { AllDetails = true, Isolation = true, OpenHandles = true };

    /// <summary>Measures.</summary>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="only">The beginning of the names of those that are measured; all if it is empty.</param>
    public static void Run(int rounds, string only = "")
    {
        using var sample = Describe().OnDisk();
        var files = FilesOf(sample.Files.Root).ToList();
        (string Name, int Times, Func<int> Test)[] rivals =
        [
            ("in memory", 50, () => InMemory(Describe())),
            ("in memory, only made and captured once", 50, MadeAndCaptured),
            ("in memory, only made", 50, Made),
            ("in a directory", 5, () => InMemory(Describe().OnDisk())),
            ("MockFileSystem", 1, () => InMock(files)),
        ];
        rivals = [.. rivals.Where(rival => rival.Name.StartsWith(only, StringComparison.Ordinal))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a host of {sample.Capture().Devices.Count} functions in {files.Count} files, links and directories; median of {rounds}, elapsed (processor):"));
        var samples = rivals.Select(_ => new Samples()).ToArray();
        for (var round = -WarmUp; round < rounds; round++)
        {
            for (var i = 0; i < rivals.Length; i++)
            {
                var time = Time(rivals[i].Test, rivals[i].Times);
                if (round >= 0)
                {
                    samples[i].Add(time);
                }
            }
        }

        for (var i = 0; i < rivals.Length; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = rivals[i].Test();
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {rivals[i].Name,-40} {samples[i]}   {1e6 / samples[i].Elapsed,6:f0} a second   {samples[i].Elapsed / samples[0].Elapsed,6:f2} ({samples[i].Processor / samples[0].Processor:f2}) x   {bytes,9} bytes"));
        }
    }

    private static (double Elapsed, double Processor) Time(Func<int> test, int times)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        for (var n = 0; n < times; n++)
        {
            _ = test();
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return (elapsed.TotalMicroseconds / times, (process.TotalProcessorTime - processor).TotalMicroseconds / times);
    }

    private static TestHost Describe() => TestHost.Intel().WithNic(Nic).WithMountedDisk("0000:02:00.0", "/srv").WithGpu("0000:03:00.0");

    private static int InMemory(TestHost described)
    {
        using var host = described;
        return host.CheckReadiness().Count + host.CheckDevice(Nic).Count;
    }

    private static int MadeAndCaptured()
    {
        using var host = Describe();
        return host.Capture().Devices.Count;
    }

    private static int Made()
    {
        using var host = Describe();
        return host.Files.DevicePath(Nic).Length;
    }

    private static int InMock(IReadOnlyList<(string Path, byte[]? Content, string? Target)> files)
    {
        var mock = new MockFileSystem();
        foreach (var (path, content, _) in files.Where(file => file.Target is null))
        {
            if (content is not null)
            {
                mock.AddFile(path, new MockFileData(content));
            }
            else
            {
                mock.AddDirectory(path);
            }
        }

        // It looks for the target of a link from its current directory, and the target must exist.
        foreach (var (path, _, target) in files.Where(file => file.Target is not null))
        {
            mock.Directory.SetCurrentDirectory(Path.GetDirectoryName(path)!);
            _ = mock.Directory.CreateSymbolicLink(path, target!);
        }

        // Its links work only under a root of their own, where the library follows them.
        var host = PassthroughHost.Over(mock, "/host");
        return host.Capture(Everything).CheckReadiness(GuestKind.Qemu).Count + host.Capture(Everything).CheckDevices([PciAddress.Parse(Nic)], GuestKind.Qemu).Count;
    }

    private static IEnumerable<(string Path, byte[]? Content, string? Target)> FilesOf(string directory, string path = "/host") =>
        new DirectoryInfo(directory).EnumerateFileSystemInfos().SelectMany(entry =>
        {
            var inside = $"{path}/{entry.Name}";
            return entry.LinkTarget is { } target ? [(inside, null, target)]
                : entry is DirectoryInfo ? FilesOf(entry.FullName, inside).Prepend((inside, null, null))
                : new (string, byte[]?, string?)[] { (inside, File.ReadAllBytes(entry.FullName), null) };
        });
}
