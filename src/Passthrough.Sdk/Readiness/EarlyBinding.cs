using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Modules;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>Early binding goes by vendor and device id: computes the ids for devices, and finds the devices that ids take.</summary>
internal static class EarlyBinding
{
    private const string CommandLine = "/proc/cmdline";

    /// <summary>Returns the command that configures early binding of a device.</summary>
    public static string CommandFor(PciAddress device) => $"passthrough boot apply --early-binding {device}";

    /// <summary>Returns the id of a device as vfio-pci takes it; null if its ids are not known.</summary>
    public static string? IdOf(PciDevice device) =>
        device is { VendorId: { } vendor, DeviceId: { } id } ? FormattableString.Invariant($"{vendor:x4}:{id:x4}") : null;

    /// <summary>Returns the other functions that have the same vendor and device id.</summary>
    public static ValueList<PciDevice> TwinsOf(PciDevice device, PciDeviceCollection all) => IdOf(device) is not { } id
        ? []
        : [.. all.Where(other => other.Address != device.Address && VfioIds.Takes(id, other))];

    /// <summary>Returns whether the configuration names a device for vfio-pci and has vfio-pci in the initramfs already.</summary>
    public static bool IsConfigured(HostSystem system, PciDevice device) =>
        ModuleOptions.Last(system, VfioModules.Driver, "ids") is { Value: { Length: > 0 } ids } && VfioIds.Takes(ids, device)
        && (system.Modules[VfioModules.Driver].IsBuiltIn.Value
            || (system.Modules.InInitramfs.IsKnown && system.Modules.InInitramfs.Value.Any(module => module.Name == VfioModules.Driver)));

    /// <summary>
    /// Returns the findings about the functions that a change takes from the host at the next boot: those of all functions with these ids, as for a
    /// device that is bound at every boot. That vfio-pci is blacklisted does not matter, because the change lifts this.
    /// </summary>
    public static ValueList<Finding> Judge(HostSnapshot snapshot, VfioEarlyBinding binding)
    {
        var ids = string.Join(',', binding.Ids);
        ValueList<PciAddress> taken = [.. snapshot.Devices.Where(device => VfioIds.Takes(ids, device) && !HostDrivers.IsForGuests(device.Driver)).Select(device => device.Address)];
        return taken.IsEmpty
            ? []
            : [.. ReadinessEngine.Run(
                [.. ReadinessRules.OfBindingAtBoot.Where(rule => rule is not VfioModuleBlocked)], new(snapshot, GuestKind.Qemu) { Addresses = taken })];
    }

    /// <inheritdoc cref="BootRecommendation.ForEarlyBinding"/>
    public static BootChange For(HostSnapshot snapshot, ValueList<PciAddress> devices)
    {
        var modules = snapshot.System.Modules;
        if (modules.Configuration.IsUnknown)
        {
            throw new PassthroughException(
                $"cannot tell which ids are configured for vfio-pci, and the change would replace them: {modules.Configuration.Source}: {modules.Configuration.Reason}; run as a user who can read it");
        }

        ValueList<PciDevice> found = [.. devices.Select(address => snapshot.Devices.TryGet(address, out var device) && IdOf(device) is not null
            ? device
            : throw new PassthroughException($"{address} cannot be bound early: the host has no such function, or its ids cannot be read; use the address of a function of this host"))];
        var wanted = found.Select(device => IdOf(device)!).ToList();
        var last = ModuleOptions.Last(snapshot.System, VfioModules.Driver, "ids");
        RefuseOverruled(snapshot.System, last?.Directive, wanted);

        ValueList<string> ids = [.. VfioPciId.ParseAll(last?.Value ?? "").Where(id => id.IsValid).Select(id => id.Text).Concat(wanted).Distinct(StringComparer.OrdinalIgnoreCase)];
        var all = found.Concat(found.SelectMany(device => TwinsOf(device, snapshot.Devices))).DistinctBy(device => device.Address);
        var before = (modules.Configuration.IsKnown ? modules.Configuration.Value : [])
            .Where(line => line.Kind == ModuleDirectiveKind.SoftDependency && line.Source == ModulePlanner.Options)
            .Select(line => line.Module)
            .Concat(all.SelectMany(device => DriversOf(snapshot.System, device)));
        return new()
        {
            EarlyBinding = new(ids, [.. before.Distinct(StringComparer.Ordinal)]),
            Reasons = [.. found.SelectMany(device => ReasonsFor(snapshot, device))],
        };
    }

    private static IEnumerable<string> ReasonsFor(HostSnapshot snapshot, PciDevice device)
    {
        yield return $"{device.Address} ({IdOf(device)}) is bound to vfio-pci in the initramfs, before another driver takes it.";
        if (TwinsOf(device, snapshot.Devices) is { IsEmpty: false } twins)
        {
            yield return $"Early binding goes by ids, so vfio-pci also takes {string.Join(", ", twins.Select(twin => twin.Address))}, which has the same ids.";
        }

        if (device.Driver is { } driver && snapshot.System.Modules[driver].IsBuiltIn.Value)
        {
            yield return $"{driver} is part of the kernel image and is loaded before every module, so it still has {device.Address} first.";
        }
    }

    // Names of modules, which softdep needs: a driver can have another name than its module (xhci_hcd in xhci_pci).
    private static IEnumerable<string> DriversOf(HostSystem system, PciDevice device)
    {
        var candidates = device.Details?.Modalias is { } modalias && system.Modules.Aliases.IsKnown ? system.Modules.Aliases.Value!.Candidates(modalias) : [];
        return candidates
            .Concat(HostDrivers.IsInUseByHost(device) && (candidates.IsEmpty || system.Modules[device.Driver!].IsInstalled.Value) ? [KernelNames.Canonical(device.Driver!)] : [])
            .Where(module => !HostDrivers.IsForGuests(module));
    }

    // The kernel keeps the last ids=, so a line that is read after the one that the plan writes would replace it.
    private static void RefuseOverruled(HostSystem system, ModuleDirective? last, List<string> wanted)
    {
        if (system.Boot.Loader == BootLoaderKind.RpmOstree)
        {
            return; // the ids are added at the end of the command line
        }

        var list = string.Join(',', wanted);
        if (system.Modules[VfioModules.Driver].IsBuiltIn.Value)
        {
            throw new PassthroughException(
                $"vfio-pci is part of the kernel image, which reads its ids from the command line only; add vfio-pci.ids={list} there (BootChange.Add)");
        }

        if (last is not null && (last.Source == CommandLine || string.CompareOrdinal(Path.GetFileName(last.Source), Path.GetFileName(ModulePlanner.Options)) > 0))
        {
            throw new PassthroughException(
                $"{VfioIds.PlaceOf(last)} sets the ids of vfio-pci after {ModulePlanner.Options}, and the kernel keeps only the last ones; add {list} there and rebuild the initramfs, or remove that setting and try again");
        }
    }
}
