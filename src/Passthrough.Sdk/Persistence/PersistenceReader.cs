using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Persistence;

/// <summary>Reads <see cref="PersistenceStatus"/> from a host's files.</summary>
internal static class PersistenceReader
{
    private const string DriverctlDirectory = "/etc/driverctl.d";
    private const string DriverctlBus = "pci-";
    private const string UnraidFile = "/boot/config/vfio-pci.cfg";
    private const string UnraidKey = "BIND=";

    public static PersistenceStatus Read(ISysfs files)
    {
        var devices = new List<PersistentDevice>();
        var problems = new List<PersistenceProblem>();
        var unread = Rules(files, devices, problems) ?? Driverctl(files, devices, problems) ?? Unraid(files, devices, problems);
        return new PersistenceStatus
        {
            Devices = unread is { } why
                ? Fact.Unknown<ValueList<PersistentDevice>>(why.Path, why.Reason)
                : Fact.Known(devices.OrderBy(device => device.Address).ThenBy(device => device.File, StringComparer.Ordinal).ToValueList(), UdevRuleFile.Directory),
            Problems = problems.ToValueList(),
        };
    }

    /// <summary>Reads one rule file of this library.</summary>
    /// <exception cref="FormatException">Its header cannot be understood.</exception>
    internal static PersistentDevice ReadRule(string path, string text)
    {
        var isSealed = RuleHeader.IsSealed(text, out var model);
        if (model.Length == 0)
        {
            throw new FormatException("it has no header that says what it is for");
        }

        var (binding, functions) = PersistentDocumentReader.Read(model);
        var device = binding?.Device ?? functions!.Device;
        return new PersistentDevice
        {
            Origin = PersistenceOrigin.Passthrough,
            File = path,
            Address = device.Address,
            Driver = binding?.Driver,
            VirtualFunctionCount = functions?.Count,
            ProbesDrivers = functions?.ProbesDrivers,
            Identity = device.Identity,
            Device = device,
            IsEdited = !isSealed,
        };
    }

    /// <summary>Returns the address in a file's name; null if the name says nothing about the device that the file is for.</summary>
    internal static PciAddress? AddressIn(string path)
    {
        var name = Path.GetFileName(path);
        return path.StartsWith(UdevRuleFile.Directory, StringComparison.Ordinal) && UdevRuleFile.IsOurs(name) ? UdevRuleFile.AddressIn(name)
            : path.StartsWith(DriverctlDirectory, StringComparison.Ordinal) && PciAddress.TryParse(name[DriverctlBus.Length..], out var address) ? address
            : null;
    }

    private static UnreadSource? Rules(ISysfs files, List<PersistentDevice> devices, List<PersistenceProblem> problems) =>
        EachFile(files, UdevRuleFile.Directory, UdevRuleFile.IsOurs, (path, text) =>
        {
            try
            {
                devices.Add(ReadRule(path, text + "\n")); // a text fact has no line feed at its end
            }
            catch (FormatException e)
            {
                problems.Add(new PersistenceProblem(path, e.Message));
            }
        });

    private static UnreadSource? Driverctl(ISysfs files, List<PersistentDevice> devices, List<PersistenceProblem> problems) =>
        EachFile(files, DriverctlDirectory, name => name.StartsWith(DriverctlBus, StringComparison.Ordinal), (path, text) =>
        {
            if (!PciAddress.TryParse(path[(DriverctlDirectory.Length + 1 + DriverctlBus.Length)..], out var address))
            {
                problems.Add(new PersistenceProblem(path, "its name does not end with a PCI address"));
            }
            else if (text.Trim() is { Length: > 0 } driver)
            {
                devices.Add(new PersistentDevice { Origin = PersistenceOrigin.Driverctl, File = path, Address = address, Driver = driver });
            }
            else
            {
                problems.Add(new PersistenceProblem(path, "it names no driver"));
            }
        });

    private static UnreadSource? Unraid(ISysfs files, List<PersistentDevice> devices, List<PersistenceProblem> problems)
    {
        var text = files.ReadText(UnraidFile);
        if (!text.IsKnown)
        {
            return text.IsUnknown ? new UnreadSource(UnraidFile, text.Reason ?? "not read") : null;
        }

        foreach (var line in text.Value!.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(UnraidKey, StringComparison.Ordinal)))
        {
            foreach (var word in line[UnraidKey.Length..].Trim('"').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = word.Split('|');
                if (parts.Length > 2 || !PciAddress.TryParse(parts[0], out var address) || (parts.Length == 2 && IdsOf(parts[1]) is null))
                {
                    problems.Add(new PersistenceProblem(UnraidFile, $"'{word}' is not a PCI address with its ids (0000:01:00.0|8086:10d3)"));
                    continue;
                }

                devices.Add(new PersistentDevice
                {
                    Origin = PersistenceOrigin.Unraid,
                    File = UnraidFile,
                    Address = address,
                    Driver = PersistentBinding.DefaultDriver,
                    Identity = parts.Length == 2 ? IdsOf(parts[1]) : null,
                });
            }
        }

        return null;
    }

    private static PciIdentity? IdsOf(string text) =>
        text.Split(':') is [{ Length: 4 } vendor, { Length: 4 } device]
        && ushort.TryParse(vendor, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var vendorId)
        && ushort.TryParse(device, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var deviceId)
            ? new PciIdentity(vendorId, deviceId)
            : null;

    private static UnreadSource? EachFile(ISysfs files, string directory, Func<string, bool> isWanted, Action<string, string> take)
    {
        var names = files.List(directory);
        if (!names.IsKnown)
        {
            return names.IsUnknown ? new UnreadSource(directory, names.Reason ?? "not read") : null;
        }

        foreach (var name in names.Value.Where(isWanted))
        {
            var text = files.ReadText($"{directory}/{name}");
            if (text.IsUnknown)
            {
                return new UnreadSource(text.Source, text.Reason ?? "not read");
            }

            if (text.IsKnown) // absent: it was removed meanwhile
            {
                take(text.Source, text.Value!);
            }
        }

        return null;
    }
}
