using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Pci;

/// <summary>Reads the whole bus, on two threads where there is enough to read.</summary>
internal static class PciBusReader
{
    // Below this a thread costs more than it saves.
    private const int FewestPerThread = 64;
    private const int MostThreads = 4;

    public static PciDeviceCollection Read(ISysfs sysfs, UnreadSources unread)
    {
        var names = new List<string>();
        var errno = sysfs.TryList(PciDeviceReader.Bus, names);
        if (errno != Errno.Success)
        {
            unread.AddUnlessAbsent(PciDeviceReader.Bus, errno);
            return new PciDeviceCollection([], Errno.IsAbsent(errno) ? FactState.Absent : FactState.Unknown);
        }

        var places = Sort(names, unread);
        var devices = new PciDevice?[places.Length];
        var threads = Math.Clamp(places.Length / FewestPerThread, 1, Math.Min(Environment.ProcessorCount, MostThreads));
        var next = 0;
        var workers = new Thread[threads - 1];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(() => ReadSome(sysfs, unread, places, devices, ref next)) { IsBackground = true, Name = "read " + PciDeviceReader.Bus };
            workers[i].Start();
        }

        ReadSome(sysfs, unread, places, devices, ref next);
        foreach (var worker in workers)
        {
            worker.Join();
        }

        var there = Array.IndexOf(devices, null) < 0 ? devices! : Array.FindAll(devices, device => device is not null)!;
        return new PciDeviceCollection(ValueList.Own(WithVirtualFunctions(there!)), FactState.Known);
    }

    private static (PciAddress Address, string Name)[] Sort(List<string> names, UnreadSources unread)
    {
        var places = new List<(PciAddress Address, string Name)>(names.Count);
        foreach (var name in names)
        {
            if (PciAddress.TryParse(name, out var address))
            {
                places.Add((address, name));
            }
            else
            {
                unread.Add($"{PciDeviceReader.Bus}/{name}", "not a PCI address");
            }
        }

        places.Sort((one, other) => one.Address.CompareTo(other.Address));
        return [.. places];
    }

    private static void ReadSome(
        ISysfs sysfs, UnreadSources unread, (PciAddress Address, string Name)[] places, PciDevice?[] devices, ref int next)
    {
        const int Portion = 64;
        var errno = sysfs.TryOpenCursor(PciDeviceReader.Bus, out var cursor);
        if (cursor is null)
        {
            unread.Add(PciDeviceReader.Bus, Errno.Describe(errno));
            return;
        }

        using (cursor)
        {
            var reader = new PciDeviceReader(cursor, unread);
            int first;
            while ((first = Interlocked.Add(ref next, Portion) - Portion) < places.Length)
            {
                for (var i = first; i < Math.Min(first + Portion, places.Length); i++)
                {
                    devices[i] = reader.Read(places[i].Address, places[i].Name);
                }
            }
        }
    }

    // The kernel links both ways; one way is enough to read, and the order of the addresses is that of the functions.
    private static PciDevice[] WithVirtualFunctions(PciDevice[] devices)
    {
        Dictionary<PciAddress, List<PciAddress>>? functions = null;
        foreach (var device in devices)
        {
            if (device.PhysicalFunction is { } physical)
            {
                functions ??= [];
                if (!functions.TryGetValue(physical, out var list))
                {
                    functions.Add(physical, list = new List<PciAddress>());
                }

                list.Add(device.Address);
            }
        }

        for (var i = 0; functions is not null && i < devices.Length; i++)
        {
            if (functions.TryGetValue(devices[i].Address, out var list))
            {
                devices[i].VirtualFunctions = list.ToValueList();
            }
        }

        return devices;
    }
}
