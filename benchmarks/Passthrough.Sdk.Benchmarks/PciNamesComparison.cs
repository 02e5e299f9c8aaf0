using System.Diagnostics;
using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>
/// Names of some devices from a cold id database: the file is opened, read and searched anew each round. Its rival is
/// <c>benchmarks/peers/pci-names.c</c>, which has libpci do the same for the same devices.
/// </summary>
internal static class PciNamesComparison
{
    private const int Rounds = 201;
    private const int EveryOther = 250;

    /// <summary>Measures, turn and turn about, so that noise hits both alike.</summary>
    /// <param name="count">How many devices.</param>
    /// <param name="peer">The C program (benchmarks/peers/build).</param>
    public static void Run(int count, string peer)
    {
        var devices = Devices(PciIdDatabase.Load().Source ?? throw new InvalidOperationException("no pci.ids on this machine"), count);
        var (first, _) = Time(devices);
        var times = new List<double>();
        var characters = 0;
        for (var round = 0; round < Rounds; round++)
        {
            (var time, characters) = Time(devices);
            times.Add(time);
            if (round % 100 == 0)
            {
                Console.Write("libpci:        " + Peer(peer, count));
            }
        }

        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"PciIdDatabase: {devices.Count} devices, {Rounds} rounds: best {times[0]:f3} ms, median {times[Rounds / 2]:f3} ms, worst {times[^1]:f3} ms, the process's first {first:f3} ms ({characters} characters)"));
    }

    private static (double Milliseconds, int Characters) Time(List<(ushort Vendor, ushort Device)> devices)
    {
        var start = Stopwatch.GetTimestamp();
        var names = PciIdDatabase.Load();
        var characters = 0;
        foreach (var (vendor, device) in devices)
        {
            characters += names.FindVendor(vendor)!.Length + names.FindDevice(vendor, device)!.Length;
        }

        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, characters);
    }

    private static List<(ushort Vendor, ushort Device)> Devices(string path, int count)
    {
        var (devices, vendor, seen) = (new List<(ushort, ushort)>(), 0, 0);
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("C ", StringComparison.Ordinal) || devices.Count == count)
            {
                break;
            }

            if (line.Length > 5 && line[0] != '\t' && line[0] != '#')
            {
                vendor = int.Parse(line.AsSpan(0, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
            else if (line.Length > 5 && line[0] == '\t' && line[1] != '\t' && seen++ % EveryOther == 0)
            {
                devices.Add(((ushort)vendor, ushort.Parse(line.AsSpan(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
            }
        }

        return devices;
    }

    private static string Peer(string program, int count)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [count.ToString(CultureInfo.InvariantCulture), "51"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
