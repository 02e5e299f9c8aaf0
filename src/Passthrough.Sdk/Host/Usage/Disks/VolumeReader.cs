using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Disks;

/// <summary>Says what a block device is that stands on another one, and how it is ended.</summary>
internal static class VolumeReader
{
    private const string Lvm = "LVM-";
    private const string Crypt = "CRYPT-";
    private const string Multipath = "mpath-";

    /// <summary>Describes a block device that stands on another one.</summary>
    /// <param name="files">The host.</param>
    /// <param name="upper">The kernel's name of the upper one.</param>
    /// <param name="path">The directory that contains its attributes.</param>
    /// <param name="lower">The kernel's name of the one below.</param>
    public static BlockUse Describe(ISysfs files, string upper, string path, string lower)
    {
        var source = $"{path}/slaves";
        if (files.ReadText($"{path}/dm/name") is { IsKnown: true, Value: { } name })
        {
            return DeviceMapper(name, files.ReadText($"{path}/dm/uuid").Value ?? "", lower, source) with { UpperDevice = upper };
        }

        var (kind, end) =
            files.ReadStatus($"{path}/md").IsKnown ? (BlockUseKind.RaidArray, $"mdadm --stop /dev/{upper}")
            : upper.StartsWith("bcache", StringComparison.Ordinal) ? (BlockUseKind.Cache, $"echo 1 > /sys/block/{upper}/bcache/stop")
            : upper.StartsWith("drbd", StringComparison.Ordinal) ? (BlockUseKind.Replication, (string?)null)
            : upper.StartsWith("loop", StringComparison.Ordinal) ? (BlockUseKind.LoopDevice, $"losetup -d /dev/{upper}")
            : (BlockUseKind.Other, null);
        return new BlockUse(kind, lower, upper, kind == BlockUseKind.LoopDevice ? $"{path}/loop/backing_file" : source) { UpperDevice = upper, EndCommand = end };
    }

    // Who made a mapping writes it at the beginning of its UUID.
    private static BlockUse DeviceMapper(string name, string uuid, string lower, string source)
    {
        if (uuid.StartsWith(Lvm, StringComparison.Ordinal))
        {
            var (group, volume) = LogicalVolume(name);
            return new BlockUse(BlockUseKind.LogicalVolume, lower, volume is null ? name : $"{group}/{volume}", source) { EndCommand = $"vgchange -an {ShellArgument.Of(group)}" };
        }

        if (uuid.StartsWith(Crypt, StringComparison.Ordinal))
        {
            var tool = uuid.StartsWith($"{Crypt}VERITY", StringComparison.Ordinal) ? "veritysetup"
                : uuid.StartsWith($"{Crypt}INTEGRITY", StringComparison.Ordinal) ? "integritysetup" : "cryptsetup";
            return new BlockUse(BlockUseKind.Encryption, lower, name, source) { EndCommand = $"{tool} close {ShellArgument.Of(name)}" };
        }

        return uuid.StartsWith(Multipath, StringComparison.Ordinal)
            ? new BlockUse(BlockUseKind.Multipath, lower, name, source) { EndCommand = $"multipath -f {ShellArgument.Of(name)}" }
            : new BlockUse(BlockUseKind.Mapping, lower, name, source) { EndCommand = $"dmsetup remove {ShellArgument.Of(name)}" };
    }

    // LVM joins group and volume with a hyphen and doubles those that are part of a name: my--vg-data is data of my-vg.
    private static (string Group, string? Volume) LogicalVolume(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '-')
            {
                continue;
            }

            if (i + 1 < name.Length && name[i + 1] == '-')
            {
                i++;
                continue;
            }

            return (Single(name[..i]), Single(name[(i + 1)..]));
        }

        return (Single(name), null);

        static string Single(string text) => text.Replace("--", "-", StringComparison.Ordinal);
    }
}
