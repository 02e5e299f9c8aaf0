using System.Diagnostics;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

/// <summary>Every function and field as lspci reads it, on real trees and on this machine; each exception has its reason.</summary>
public sealed class LspciOracleTests
{
    /// <summary>Every tree of the corpora; PASSTHROUGH_CORPORA can name a folder with more of them.</summary>
    public static TheoryData<string> Archives
    {
        get
        {
            var found = new[] { "hwloc", "ghw" }
                .Where(folder => Corpora.TryFind(folder) is not null)
                .SelectMany(folder => Directory.EnumerateFiles(Corpora.TryFind(folder)!, "*.tar.*").Select(file => $"{folder}/{Path.GetFileName(file)}"))
                .Order(StringComparer.Ordinal)
                .ToArray();
            return new TheoryData<string>(found.Length > 0 ? found : ["hwloc/none"]);
        }
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void A_captured_host_reads_as_lspci_reads_it(string archive)
    {
        var (folder, name) = (Path.GetDirectoryName(archive)!, Path.GetFileName(archive));
        var file = Path.Combine(Corpora.Require(folder), name);
        var root = Directory.CreateTempSubdirectory("passthrough-tree-");
        try
        {
            Run("tar", ["-xf", file, "--delay-directory-restore", "-C", root.FullName]);
            var tree = Directory.Exists(Path.Combine(root.FullName, "sys")) ? root.FullName : Assert.Single(Directory.GetDirectories(root.FullName));
            Assert.SkipUnless(Directory.Exists(tree + PciDeviceReader.Bus), "this tree has no PCI bus");

            Compare(tree);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void This_machine_reads_as_lspci_reads_it()
    {
        Assert.SkipUnless(Directory.Exists(PciDeviceReader.Bus), "this machine has no PCI bus");
        Compare("/");
    }

    private static void Compare(string root)
    {
        var records = Lspci(root);
        var devices = PassthroughHost.At(root).Capture(CaptureOptions.DevicesOnly).Devices;
        if (records is null)
        {
            // lspci gives the whole tree up when one function has no vendor file; the functions are there all the same.
            Assert.NotEmpty(devices.AsEnumerable());
            Assert.Contains(devices.AsEnumerable(), d => d.VendorId is null);
            return;
        }

        Assert.Equal(records.Select(r => r["Slot"]).Order(StringComparer.Ordinal), devices.AsEnumerable().Select(d => d.Address.ToString()).Order(StringComparer.Ordinal));
        var names = PciIdDatabase.Load();
        var differences = records.SelectMany(record =>
            Differences(root, devices[PciAddress.Parse(record["Slot"])], record).Concat(NameDifferences(devices[PciAddress.Parse(record["Slot"])], names, record)));
        Assert.Empty(differences);
    }

    private static IEnumerable<string> NameDifferences(PciDevice device, PciIdDatabase names, Dictionary<string, string> lspci)
    {
        var (vendor, id, code) = (device.VendorId!.Value, device.DeviceId!.Value, device.ClassCode!.Value);
        var fields = new List<(string Field, string? Ours, string? Theirs)>
        {
            ("class name", names.FindSubclass(code.BaseClass, code.Subclass) ?? names.FindClass(code.BaseClass), Name(lspci, "Class")),
            ("vendor name", names.FindVendor(vendor), Name(lspci, "Vendor")),
            ("device name", names.FindDevice(vendor, id), Name(lspci, "Device")),
        };
        if (lspci.ContainsKey("SVendor") && device is { SubsystemVendorId: { } cardVendor, SubsystemDeviceId: { } card })
        {
            fields.Add(("card's vendor", names.FindVendor(cardVendor), Name(lspci, "SVendor")));
            fields.Add(("card's name", names.FindSubsystem(vendor, id, cardVendor, card), Name(lspci, "SDevice")));
        }

        return fields.Where(f => f.Ours != f.Theirs).Select(f => $"{device.Address} {f.Field}: ours {f.Ours ?? "none"}, lspci {f.Theirs ?? "none"}");
    }

    // "Intel Corporation [8086]"; of what has no name it says what kind of thing it is: "Device [1234]"
    private static string? Name(Dictionary<string, string> record, string field)
    {
        var name = record[field][..record[field].LastIndexOf(" [", StringComparison.Ordinal)];
        return name is "Class" or "Vendor" or "Device" or "Unknown vendor" or "Subsystem" or "SVendor" or "SDevice" ? null : name;
    }

    private static IEnumerable<string> Differences(string root, PciDevice device, Dictionary<string, string> lspci)
    {
        var path = Path.Combine(root, "sys/bus/pci/devices", device.Address.ToString());
        var hasConfig = Path.Exists(Path.Combine(path, "config"));

        // lspci writes the class without the interface, and the interface where it is not zero or the header is readable.
        var fields = new List<(string Field, string? Ours, string? Theirs)>
        {
            ("Class", device.ClassCode?.ToString()[..4], Id(lspci, "Class")),
            ("Vendor", device.VendorId?.ToString("x4"), Id(lspci, "Vendor")),
            ("Device", device.DeviceId?.ToString("x4"), Id(lspci, "Device")),
            ("NUMANode", device.NumaNode?.ToString(), lspci.GetValueOrDefault("NUMANode")),
        };

        // Of a tree without the groups lspci reads none: it resolves the link, which dangles there.
        if (Directory.Exists(Path.Combine(root, "sys/kernel/iommu_groups")))
        {
            fields.Add(("IOMMUGroup", device.IommuGroupId?.ToString(), lspci.GetValueOrDefault("IOMMUGroup")));
        }

        // Without revision file and header lspci takes the ones of an unreadable header for the revision and the interface.
        if (hasConfig || Path.Exists(Path.Combine(path, "revision")))
        {
            fields.Add(("Rev", device.Revision is 0 or null ? null : device.Revision?.ToString("x2"), lspci.GetValueOrDefault("Rev")));
        }

        if (hasConfig && lspci.TryGetValue("ProgIf", out var interfaceId))
        {
            fields.Add(("ProgIf", device.ClassCode?.ToString()[4..], interfaceId));
        }

        // Of a tree without /sys/bus/pci/drivers lspci reads no driver: it resolves the link, which dangles there.
        if (Directory.Exists(Path.Combine(root, "sys/bus/pci/drivers")))
        {
            fields.Add(("Driver", device.Driver, lspci.GetValueOrDefault("Driver")));
        }

        // Without header and subsystem files lspci has no subsystem; modalias, which it does not read, still has it.
        if (hasConfig || Path.Exists(Path.Combine(path, "subsystem_vendor")))
        {
            fields.Add(("SVendor", device.SubsystemVendorId?.ToString("x4"), Id(lspci, "SVendor")));
            fields.Add(("SDevice", device.SubsystemDeviceId?.ToString("x4"), Id(lspci, "SDevice")));
        }

        return fields.Where(f => f.Ours != f.Theirs).Select(f => $"{device.Address} {f.Field}: ours {f.Ours ?? "none"}, lspci {f.Theirs ?? "none"}");
    }

    // "Intel Corporation [8086]"
    private static string? Id(Dictionary<string, string> record, string field) =>
        record.TryGetValue(field, out var text) && text.LastIndexOf('[') is >= 0 and var start ? text[(start + 1)..^1] : null;

    private static List<Dictionary<string, string>>? Lspci(string root)
    {
        // The names are those of the id database, which is ours too, not of udev's.
        string[] names = PciIdDatabase.Load().Source is { } source ? [.. Pci.Lspci.NamesFromFileOnly, "-i", source] : [];
        var output = Run(Pci.Lspci.Program, ["-vmmnnk", "-D", .. names, .. root == "/" ? Array.Empty<string>() : ["-O", $"sysfs.path={root}/sys/bus/pci"]]);
        var records = output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Record).ToList();
        return records.Count == 0 ? null : records;
    }

    private static Dictionary<string, string> Record(string text)
    {
        var record = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(":\t", StringComparison.Ordinal);
            record.TryAdd(line[..colon], line[(colon + 2)..]);
        }

        return record;
    }

    private static string Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
            throw;
        }
    }
}
