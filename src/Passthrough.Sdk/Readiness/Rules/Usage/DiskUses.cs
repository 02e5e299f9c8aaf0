using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Sorts the uses of a disk by layers, so that each is reported once and its remedy goes from top to bottom.</summary>
internal sealed class DiskUses
{
    private const string Dev = "/dev/";

    private DiskUses(ValueList<BlockUse> all, ValueList<BlockUse> below)
    {
        Below = below;
        Free = [.. all.Where(use => !below.Contains(use))];
    }

    /// <summary>Gets the uses below a mounted file system or a swap area, the upper ones first: they are ended after it.</summary>
    public ValueList<BlockUse> Below { get; }

    /// <summary>Gets the other uses.</summary>
    public ValueList<BlockUse> Free { get; }

    /// <summary>Sorts the uses of a disk.</summary>
    public static DiskUses Of(BlockDevice disk)
    {
        var all = disk.Uses.IsKnown ? disk.Uses.Value : [];
        var tops = (disk.Mounts.IsKnown ? disk.Mounts.Value : []).Select(mount => mount.BlockDevice)
            .Concat((disk.Swaps.IsKnown ? disk.Swaps.Value : []).Where(path => path.StartsWith(Dev, StringComparison.Ordinal)).Select(path => path[Dev.Length..]));
        var reached = tops.ToList();
        var below = new List<BlockUse>();
        for (var i = 0; i < reached.Count; i++)
        {
            foreach (var use in all.Where(use => use.UpperDevice is { } upper && IsOrPartition(reached[i], upper) && !below.Contains(use)))
            {
                below.Add(use);
                reached.Add(use.BlockDevice);
            }
        }

        return new DiskUses(all, below.ToValueList());
    }

    /// <summary>Returns the commands that end some uses, in order and without duplicates.</summary>
    public static IEnumerable<string> Commands(IEnumerable<BlockUse> uses) => uses.Select(use => use.EndCommand).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Returns a list for a title: a few items, and the number of the others.</summary>
    public static string List<T>(IReadOnlyCollection<T> things)
    {
        const int Few = 4;
        return string.Join(", ", things.Take(Few)) + (things.Count > Few ? $" and {things.Count - Few} more" : "");
    }

    // md127p1 is a partition of md127, sda1 one of sda; dm-10 is not a partition of dm-1.
    private static bool IsOrPartition(string name, string device)
    {
        var prefix = char.IsAsciiDigit(device[^1]) ? $"{device}p" : device;
        return name == device || (name.StartsWith(prefix, StringComparison.Ordinal) && name.AsSpan(prefix.Length) is { IsEmpty: false } rest && rest.IndexOfAnyExceptInRange('0', '9') < 0);
    }
}
