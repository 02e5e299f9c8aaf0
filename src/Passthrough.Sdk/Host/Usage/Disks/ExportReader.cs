using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Disks;

/// <summary>Block devices that the kernel offers to others: its NVMe target, its SCSI target, the disks of Xen's guests, USB gadgets, RNBD.</summary>
/// <remarks>Some of them open the device without a claim, so that an exclusive open does not tell.</remarks>
internal static class ExportReader
{
    private const string Configuration = "/sys/kernel/config";
    private const string NvmeSubsystems = $"{Configuration}/nvmet/subsystems";
    private const string Backstores = $"{Configuration}/target/core";
    private const string Gadgets = $"{Configuration}/usb_gadget";
    private const string Rnbd = "/sys/class/rnbd-server/ctl/devices";
    private const string XenBackends = "/sys/bus/xen-backend/devices";

    /// <summary>Reads them. An entry that is configured and not enabled is not a use.</summary>
    public static FoundUses Read(ISysfs files, BlockGraph graph)
    {
        var uses = new List<BlockUse>();
        var missing = "";
        foreach (var subsystem in Names(NvmeSubsystems))
        {
            foreach (var number in Names($"{NvmeSubsystems}/{subsystem}/namespaces"))
            {
                var directory = $"{NvmeSubsystems}/{subsystem}/namespaces/{number}";
                if (IsEnabled(directory) && ExportedAt($"{directory}/device_path") is { } device)
                {
                    uses.Add(new BlockUse(BlockUseKind.NvmeTarget, device, $"{subsystem}, namespace {number}", $"{directory}/device_path") { EndCommand = $"echo 0 > {ShellArgument.Of($"{directory}/enable")}" });
                }
            }

            // A whole controller that is passed on: its disks go with it.
            var passed = $"{NvmeSubsystems}/{subsystem}/passthru";
            if (IsEnabled(passed) && files.ReadText($"{passed}/device_path") is { IsKnown: true, Value: { } controller })
            {
                var owner = ClassLinks.OwnerOf(files.ReadLink($"/sys/class/nvme/{controller[(controller.LastIndexOf('/') + 1)..]}").Value ?? "");
                uses.AddRange((owner is { } function ? graph.Disks()[function] : []).Select(disk =>
                    new BlockUse(BlockUseKind.NvmeTarget, disk, $"{subsystem}, which passes {controller} on", $"{passed}/device_path") { EndCommand = $"echo 0 > {ShellArgument.Of($"{passed}/enable")}" }));
            }
        }

        foreach (var gadget in Names(Gadgets))
        {
            foreach (var function in Names($"{Gadgets}/{gadget}/functions").Where(name => name.StartsWith("mass_storage.", StringComparison.Ordinal)))
            {
                foreach (var unit in Names($"{Gadgets}/{gadget}/functions/{function}").Where(name => name.StartsWith("lun.", StringComparison.Ordinal)))
                {
                    var source = $"{Gadgets}/{gadget}/functions/{function}/{unit}/file";
                    if (ExportedAt(source) is { } device)
                    {
                        uses.Add(new BlockUse(BlockUseKind.OtherExport, device, $"the USB mass storage gadget {gadget}", source) { EndCommand = $"echo > {ShellArgument.Of(source)}" });
                    }
                }
            }
        }

        foreach (var name in Names(Rnbd))
        {
            var source = $"{Rnbd}/{name}/block_dev";
            if (files.ReadLinkName(source).Value is { Length: > 0 } device && graph.Has(device))
            {
                uses.Add(new BlockUse(BlockUseKind.OtherExport, device, $"the RNBD server's device {name}", source));
            }
        }

        foreach (var (adapter, name) in Names(Backstores).Where(adapter => adapter != "alua").SelectMany(adapter => Names($"{Backstores}/{adapter}").Select(name => (adapter, name))))
        {
            var directory = $"{Backstores}/{adapter}/{name}";
            if (IsEnabled(directory) && DeviceOf(directory) is { } device)
            {
                uses.Add(new BlockUse(BlockUseKind.ScsiTarget, device, $"{adapter}/{name}", $"{directory}/info")
                {
                    EndCommand = $"targetcli /backstores/{(adapter.StartsWith("iblock", StringComparison.Ordinal) ? "block" : adapter.Split('_')[0])} delete {ShellArgument.Of(name)}",
                });
            }
        }

        // Xen writes the numbers in hexadecimal.
        foreach (var disk in Names(XenBackends).Where(name => name.StartsWith("vbd-", StringComparison.Ordinal)))
        {
            var source = $"{XenBackends}/{disk}/physical_device";
            if (files.ReadText(source).Value?.Split(':') is [var major, var minor] && TryHexadecimal(major, out var first) && TryHexadecimal(minor, out var second)
                && graph.OfNumber(string.Create(CultureInfo.InvariantCulture, $"{first}:{second}")) is { } device)
            {
                uses.Add(new BlockUse(BlockUseKind.XenDisk, device, disk, source) { EndCommand = disk.Split('-') is [_, var guest, var id] ? $"xl block-detach {guest} {id}" : null });
            }
        }

        return new FoundUses(uses.ToValueList(), missing);

        IEnumerable<string> Names(string directory)
        {
            var names = files.List(directory);
            missing = missing.Length == 0 && names.IsUnknown ? $"{names.Source}: {names.Reason}" : missing;

            // What is no directory is an attribute.
            return names.IsKnown ? names.Value : [];
        }

        bool IsEnabled(string directory) => files.ReadText($"{directory}/enable") is { IsKnown: true, Value: "1" };

        // The kernel keeps what it opened, also where the name has gone or is one of another mount namespace.
        string? ExportedAt(string source)
        {
            var path = files.ReadText(source).Value?.Trim();
            var device = DeviceAt(path);
            if (device is null && path is { Length: > 0 } && !files.ReadStatus(path).IsKnown)
            {
                missing = missing.Length == 0 ? $"{source}: {path} does not exist any more, so that it is not known which device is exported" : missing;
            }

            return device;
        }

        string? DeviceAt(string? path) => path is { Length: > 0 } ? graph.NameOf(path) ?? graph.OfNode(path) : null;

        // "Major: 259 Minor: 1" of a block device, "File: /dev/nvme0n1" of a file; the path that the administrator's tool wrote.
        string? DeviceOf(string directory)
        {
            var info = files.ReadText($"{directory}/info").Value ?? "";
            return graph.OfNumber($"{After(info, "Major: ")}:{After(info, "Minor: ")}")
                ?? DeviceAt(After(info, "File: "))
                ?? DeviceAt(files.ReadText($"{directory}/udev_path").Value?.Trim());
        }
    }

    private static string After(string text, string word)
    {
        var at = text.IndexOf(word, StringComparison.Ordinal);
        return at < 0 ? "" : text[(at + word.Length)..].Split([' ', '\n', '\t'], 2)[0];
    }

    private static bool TryHexadecimal(string text, out uint value) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
