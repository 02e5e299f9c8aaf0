using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="HostMemory"/> from a host's files.</summary>
internal static class MemoryReader
{
    private const int Kibi = 1024;

    public static HostMemory Read(ISysfs files)
    {
        var memory = files.ReadText("/proc/meminfo");
        return new HostMemory
        {
            Total = Amount(memory, "MemTotal:"),
            Available = Amount(memory, "MemAvailable:"),
            HugePages = files.List("/sys/kernel/mm/hugepages").Select(names => Pools(files, names)),
            LockLimit = LockLimit(files.ReadText("/proc/self/limits")),
        };
    }

    internal static Fact<ResourceLimit> LockLimit(Fact<string> limits)
    {
        const string Name = "Max locked memory";
        if (!limits.IsKnown)
        {
            return Fact.Unknown<ResourceLimit>(limits.Source, limits.Reason ?? "no such file");
        }

        foreach (var line in limits.Value!.Split('\n'))
        {
            if (line.StartsWith(Name, StringComparison.Ordinal)
                && line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, var hard, ..]
                && TryLimit(soft, out var softBytes) && TryLimit(hard, out var hardBytes))
            {
                return Fact.Known(new ResourceLimit(softBytes, hardBytes), limits.Source);
            }
        }

        return Fact.Unknown<ResourceLimit>(limits.Source, $"there is no line '{Name}'");
    }

    private static bool TryLimit(string text, out long? bytes)
    {
        bytes = null;
        if (text == "unlimited")
        {
            return true;
        }

        // The kernel's number is unsigned; what does not fit a long is no limit for any machine.
        var parsed = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        bytes = value <= long.MaxValue ? (long)value : null;
        return parsed;
    }

    private static Fact<long> Amount(Fact<string> memory, string name)
    {
        if (!memory.IsKnown)
        {
            return Fact.Unknown<long>(memory.Source, memory.Reason ?? "no such file");
        }

        foreach (var line in memory.Value!.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal)
                && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, "kB"]
                && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes)
                && kibibytes <= long.MaxValue / Kibi)
            {
                return Fact.Known(kibibytes * Kibi, memory.Source);
            }
        }

        return Fact.Unknown<long>(memory.Source, $"there is no line '{name}'");
    }

    private static ValueList<HugePagePool> Pools(ISysfs files, ValueList<string> names)
    {
        const string Prefix = "hugepages-";
        var pools = new List<HugePagePool>();
        foreach (var name in names)
        {
            var path = $"/sys/kernel/mm/hugepages/{name}";
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith("kB", StringComparison.Ordinal)
                && long.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && size <= long.MaxValue / Kibi
                && files.ReadNumber($"{path}/nr_hugepages") is { IsKnown: true } total
                && files.ReadNumber($"{path}/free_hugepages") is { IsKnown: true } free)
            {
                pools.Add(new HugePagePool(size * Kibi, total.Value, free.Value));
            }
        }

        return pools.ToValueList();
    }
}
