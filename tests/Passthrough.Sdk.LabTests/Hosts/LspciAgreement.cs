using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Hosts;

/// <summary>Holds every function of a snapshot against <c>lspci -vmmnnk -D</c>, field by field.</summary>
/// <remarks>
/// Without udev's hwdb, which lspci asks where pci.ids has no name: for a card that nobody named it answers with the name of the
/// device (the subsystem 1b36:0000 of a root port is no "QEMU PCIe Root port"). There lspci is wrong.
/// </remarks>
internal static class LspciAgreement
{
    /// <summary>What differs, a line each.</summary>
    public static List<string> Differences(HostSnapshot snapshot, PciIdDatabase names)
    {
        var differences = new List<string>();
        var blocks = Shell.Run("lspci -O hwdb.disable=1 -vmmnnk -D").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        if (blocks.Length != snapshot.Devices.Count)
        {
            differences.Add($"lspci has {blocks.Length} functions, we {snapshot.Devices.Count}");
        }

        foreach (var block in blocks)
        {
            var fields = block.Split('\n').Select(line => line.Split('\t', 2)).ToLookup(field => field[0].TrimEnd(':'), field => field[1]);
            var address = PciAddress.Parse(fields["Slot"].Single());
            if (!snapshot.Devices.TryGet(address, out var device))
            {
                differences.Add($"{address}: not there");
                continue;
            }

            foreach (var (field, ours) in OursOf(device, snapshot, names))
            {
                var theirs = string.Join(' ', fields[field].Order(StringComparer.Ordinal));
                if (theirs != (ours ?? ""))
                {
                    differences.Add($"{address} {field}: lspci '{theirs}', ours '{ours}'");
                }
            }
        }

        return differences;
    }

    private static IEnumerable<(string Field, string? Ours)> OursOf(PciDevice device, HostSnapshot snapshot, PciIdDatabase names)
    {
        var (vendor, id) = (device.VendorId!.Value, device.DeviceId!.Value);
        var code = device.ClassCode!.Value;
        yield return ("Class", $"{names.FindSubclass(code.BaseClass, code.Subclass) ?? names.FindClass(code.BaseClass) ?? "Class"} [{code.BaseClass:x2}{code.Subclass:x2}]");
        yield return ("Vendor", $"{names.FindVendor(vendor) ?? "Vendor"} [{vendor:x4}]");
        yield return ("Device", $"{names.FindDevice(vendor, id) ?? "Device"} [{id:x4}]");
        if (device is { SubsystemVendorId: { } subsystemVendor, SubsystemDeviceId: { } subsystem })
        {
            yield return ("SVendor", $"{names.FindVendor(subsystemVendor) ?? "Unknown vendor"} [{subsystemVendor:x4}]");
            yield return ("SDevice", $"{names.FindSubsystem(vendor, id, subsystemVendor, subsystem) ?? "Device"} [{subsystem:x4}]");
        }
        else
        {
            yield return ("SVendor", null);
        }

        // lspci leaves a revision of zero away.
        yield return ("Rev", device.Revision is > 0 and var revision ? $"{revision:x2}" : null);
        yield return ("ProgIf", $"{code.ProgrammingInterface:x2}");
        yield return ("Driver", device.Driver);
        yield return ("Module", string.Join(' ', Modules(device, snapshot).Order(StringComparer.Ordinal)));
        yield return ("NUMANode", device.NumaNode?.ToString(provider: null));
        yield return ("IOMMUGroup", device.IommuGroupId?.ToString(provider: null));
        yield return ("PhySlot", device.Details!.PhysicalSlot);
    }

    private static ValueList<string> Modules(PciDevice device, HostSnapshot snapshot) =>
        [.. snapshot.System.Modules.Aliases.Value!.Candidates(device.Details!.Modalias!)];
}
