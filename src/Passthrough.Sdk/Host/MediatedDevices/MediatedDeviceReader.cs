using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Details;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>Reads <see cref="MediatedDeviceStatus"/> from a host's files.</summary>
internal static class MediatedDeviceReader
{
    public const string Parents = "/sys/class/mdev_bus";
    public const string Devices = "/sys/bus/mdev/devices";

    private const string RuleName = "60-mdevctl.rules";
    private const string ProgramName = "mdevctl";

    // In the order of precedence. Source: udev(7).
    private static readonly string[] RuleDirectories = ["/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d"];

    public static MediatedDeviceStatus Read(ISysfs files)
    {
        var unread = new List<UnreadSource>();
        return new()
        {
            Parents = files.List(Parents).Select(names => names.Select(name => ReadParent(files, name)).ToValueList()),
            Devices = files.List(Devices).Select(names => names.Select(name => ReadDevice(files, name)).OfType<MediatedDevice>().ToValueList()),
            Definitions = ReadDefinitions(files, unread),
            UnreadDefinitions = unread.ToValueList(),
            Starter = ReadStarter(files),
        };
    }

    /// <summary>A device; null if the name is not a UUID.</summary>
    public static MediatedDevice? ReadDevice(ISysfs files, string name)
    {
        if (!Guid.TryParseExact(name, "D", out var uuid))
        {
            return null;
        }

        // ../../../devices/virtual/mtty/mtty/83b8f4f2-...: the parent is the directory around it.
        var directory = $"{Devices}/{name}";
        var path = files.ReadLink(directory).Value?.TrimEnd('/').Split('/');
        var group = files.ReadLinkName($"{directory}/iommu_group").Value;
        return new(
            uuid,
            path is { Length: > 1 } ? path[^2] : null,
            files.ReadLinkName($"{directory}/mdev_type").Value,
            files.ReadLinkName($"{directory}/driver").Value,
            int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
    }

    private static MediatedParent ReadParent(ISysfs files, string name)
    {
        var directory = $"{Parents}/{name}";
        return new(
            name,
            files.ReadLinkName($"{directory}/driver").Value,
            files.List($"{directory}/mdev_supported_types").Select(
                types => types.Select(type => ReadType(files, $"{directory}/mdev_supported_types/{type}", type)).ToValueList()));
    }

    private static MediatedDeviceType ReadType(ISysfs files, string directory, string id)
    {
        var free = files.ReadNumber($"{directory}/available_instances");
        var instances = files.List($"{directory}/devices");
        return new(
            id,
            files.ReadText($"{directory}/name").Value,
            files.ReadText($"{directory}/description").Value,
            files.ReadText($"{directory}/device_api").Value,
            free.IsKnown ? (int)free.Value : null,
            instances.IsKnown ? instances.Value : []);
    }

    private static Fact<ValueList<MediatedDefinition>> ReadDefinitions(ISysfs files, List<UnreadSource> unread)
    {
        var definitions = new List<MediatedDefinition>();
        var parents = files.List(MediatedDefinitionFile.Directory);
        foreach (var parent in parents.IsKnown ? parents.Value : [])
        {
            var directory = $"{MediatedDefinitionFile.Directory}/{parent}";
            if (parent == MediatedDefinitionFile.Scripts || files.ReadStatus(directory).Value is { Kind: not FileKind.Directory })
            {
                continue;
            }

            var names = files.List(directory);
            if (names.IsUnknown)
            {
                unread.Add(new(directory, names.Reason ?? "not read"));
            }

            foreach (var name in names.IsKnown ? names.Value : [])
            {
                // mdevctl ignores a file whose name is not a UUID.
                if (Guid.TryParseExact(name, "D", out var uuid))
                {
                    Read(files, parent, uuid, $"{directory}/{name}", definitions, unread);
                }
            }
        }

        return parents.Select(_ => definitions.ToValueList());
    }

    private static void Read(ISysfs files, string parent, Guid uuid, string path, List<MediatedDefinition> definitions, List<UnreadSource> unread)
    {
        var text = files.ReadText(path);
        if (!text.IsKnown)
        {
            if (text.IsUnknown)
            {
                unread.Add(new(path, text.Reason ?? "not read"));
            }
        }
        else if (MediatedDefinitionFile.TryParse(parent, uuid, text.Value!, out var definition, out var reason))
        {
            definitions.Add(definition);
        }
        else
        {
            unread.Add(new(path, reason));
        }
    }

    private static Fact<MediatedStarter> ReadStarter(ISysfs files)
    {
        var absent = Fact.Absent<MediatedStarter>($"{RuleDirectories[^1]}/{RuleName}");
        foreach (var directory in RuleDirectories)
        {
            var rule = files.ReadText($"{directory}/{RuleName}");
            if (!rule.IsAbsent)
            {
                return rule.Select(text => ReadStarter(files, rule.Source, text));
            }
        }

        // Files without a udev, such as a part of a host that was copied, say nothing of its rules.
        return files.ReadStatus("/lib/udev").IsKnown || files.ReadStatus("/usr/lib/udev").IsKnown
            ? absent
            : Fact.Unknown<MediatedStarter>(absent.Source, "the files of this host have no udev rules");
    }

    private static MediatedStarter ReadStarter(ISysfs files, string rule, string text)
    {
        // ... RUN+="/bin/sh -c '{ /usr/sbin/mdevctl start-parent-mdevs %k ...
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            foreach (var word in line.Split([' ', '"', '\'', '{', '}', ';', ',', '='], StringSplitOptions.RemoveEmptyEntries))
            {
                if (word.StartsWith('/') && word.EndsWith($"/{ProgramName}", StringComparison.Ordinal))
                {
                    var status = files.ReadStatus(word);
                    return new(rule, word, status.IsUnknown ? null : status.IsKnown);
                }
            }
        }

        return new(rule, null, null);
    }
}
