using System.Globalization;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>Writing a host to an archive and reading it back, beside tar on the same files, turn and turn about in one run.</summary>
internal static class ArchiveComparison
{
    private const int Rounds = 5;

    /// <summary>Measures.</summary>
    /// <param name="root">The tree.</param>
    public static void Run(string root)
    {
        var host = PassthroughHost.At(root);
        var directory = Directory.CreateTempSubdirectory("passthrough-archive-").FullName;
        try
        {
            var (ours, theirs) = (Path.Join(directory, "ours.tar.gz"), Path.Join(directory, "theirs.tar.gz"));
            var (captured, written, read, packed, listed) = (new Samples(), new Samples(), new Samples(), new Samples(), new Samples());
            for (var i = 0; i < Rounds; i++)
            {
                captured.Time(() => host.Capture(new() { AllDetails = true, VitalProductData = true }));
                written.Time(() => Write(host, ours));
                read.Time(() => PassthroughHost.At(ours));
                packed.Add(ProgramComparison.Time("tar", ["-czf", theirs, "-C", root, "."]));
                listed.Add(ProgramComparison.Time("tar", ["-tzf", ours]));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{root}: median of {Rounds}, elapsed (processor):"));
            Console.WriteLine($"  capture, all details       {captured}");
            Console.WriteLine($"  capture to an archive      {written}   {Ratio(written, packed)} x tar, {new FileInfo(ours).Length} bytes");
            Console.WriteLine($"  tar -czf                   {packed}   {new FileInfo(theirs).Length} bytes");
            Console.WriteLine($"  read the archive           {read}   {Ratio(read, listed)} x tar");
            Console.WriteLine($"  tar -tzf                   {listed}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Write(PassthroughHost host, string path)
    {
        using var file = File.Create(path);
        host.CaptureTo(file);
    }

    private static string Ratio(Samples ours, Samples theirs) =>
        string.Create(CultureInfo.InvariantCulture, $"{ours.Elapsed / theirs.Elapsed:f2} ({ours.Processor / theirs.Processor:f2})");
}
