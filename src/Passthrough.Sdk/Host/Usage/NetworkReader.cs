using System.Collections.Immutable;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads the network interfaces of PCI functions.</summary>
internal static class NetworkReader
{
    private const string Directory = "/sys/class/net";
    private const int IsEnabled = 1;
    private const int MostUppers = 256;

    public static NetworkInterface Read(ISysfs files, string name, RouteTables routes)
    {
        string path = $"{Directory}/{name}";
        ImmutableArray<string> uppers = Uppers(files, name);
        return new NetworkInterface
        {
            Name = name,
            HardwareAddress = files.ReadText($"{path}/address"),
            OperationalState = files.ReadText($"{path}/operstate"),
            IsEnabled = files.ReadNumber($"{path}/flags").Select(flags => (flags & IsEnabled) != 0),
            Master = files.ReadLinkName($"{path}/master"),
            Uppers = uppers,
            Addresses = routes.Addresses.Select(all => all.RemoveAll(a => a.Interface != name && !uppers.Contains(a.Interface))),
            HasDefaultRoute = routes.Defaults.Select(all => all.Any(i => i == name || uppers.Contains(i))),
        };
    }

    /// <summary>Everything above it, and above that. An old kernel links only the master.</summary>
    private static ImmutableArray<string> Uppers(ISysfs files, string name)
    {
        const string Prefix = "upper_";
        var found = ImmutableArray.CreateBuilder<string>();
        var next = new Queue<string>([name]);
        while (next.TryDequeue(out string? lower) && found.Count < MostUppers)
        {
            Fact<ImmutableArray<string>> names = files.List($"{Directory}/{lower}");
            IEnumerable<string> uppers = names.IsKnown
                ? names.Value.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..])
                : [];
            if (files.ReadLinkName($"{Directory}/{lower}/master") is { IsKnown: true, Value: { } master })
            {
                uppers = uppers.Append(master);
            }

            foreach (string upper in uppers)
            {
                if (upper != name && !found.Contains(upper))
                {
                    found.Add(upper);
                    next.Enqueue(upper);
                }
            }
        }

        return found.ToImmutable();
    }
}
