using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Explains why another driver was bound at boot before vfio-pci: what of softdep, initramfs and order is missing on this host.</summary>
internal static class BootOrder
{
    private const string ImageList =
        "/etc/initramfs-tools/modules, MODULES= of mkinitcpio, force_drivers+= of dracut, modules_force_load of booster";

    /// <summary>Returns the cause as a clause that begins with a semicolon, or empty if it cannot be narrowed down; and how to fix it.</summary>
    public static (string Cause, string Remedy, ValueList<Evidence> Evidence) Explain(HostSystem system, PciDevice device)
    {
        var driver = device.Driver!;
        var status = system.Modules[driver];
        if (status.IsBuiltIn.Value && !system.Modules[VfioModules.Driver].IsBuiltIn.Value)
        {
            return (
                $"; {driver} is part of the kernel image",
                $"{driver} is part of the kernel image and is loaded before every module: let libvirt take {device.Address} when the guest starts (managed='yes'), or boot a kernel that has {driver} as a module",
                [status.IsBuiltIn.ToEvidence()]);
        }

        var softdep = system.Modules.Configuration is { IsKnown: true, Value: var lines } ? lines.FirstOrDefault(line =>
            line.Kind == ModuleDirectiveKind.SoftDependency && line.Module == status.Name && line.Argument.Contains("vfio", StringComparison.Ordinal)) : null;
        var image = system.Modules.InInitramfs;
        var names = image.IsKnown ? image.Value : [];
        var own = IndexOf(names, VfioModules.Driver);
        var other = IndexOf(names, status.Name);
        var dependency = softdep is null ? $"load vfio-pci before {driver} (softdep {driver} pre: vfio-pci in /etc/modprobe.d/vfio.conf)" : "";
        if (own < 0)
        {
            var place = image.IsKnown ? $"the initramfs ({image.Source})" : $"the initramfs ({ImageList})";
            return (
                image.IsKnown ? $"; {image.Source} does not name vfio-pci, so the initramfs does not load it first" : "",
                (dependency.Length > 0 ? $"{dependency}, " : "") + $"add vfio-pci{(softdep is null ? " and that line" : " and the softdep line")} to {place}, rebuild it and reboot",
                image.IsKnown ? [new Evidence(image.Source, "vfio_pci is not named")] : []);
        }

        if (softdep is null && other >= 0 && other < own)
        {
            return (
                $"; {names[other].Source} names {driver} before vfio-pci",
                $"move vfio-pci before {driver} in {names[own].Source}, or {dependency}, rebuild the initramfs and reboot",
                [new Evidence(names[other].Source, $"{names[other].Name} before {names[own].Name}")]);
        }

        return softdep is null
            ? (
                $"; no softdep line loads vfio-pci before {driver}",
                $"{dependency}, rebuild the initramfs, which has a copy of the file, and reboot",
                [new Evidence(names[own].Source, names[own].Name)])
            : (
                "; softdep and initramfs are configured, so the initramfs is older than its configuration",
                "rebuild the initramfs (update-initramfs -u, mkinitcpio -P, dracut --force, or booster build) and reboot",
                [new Evidence(VfioIds.PlaceOf(softdep), softdep.ToString()), new Evidence(names[own].Source, names[own].Name)]);
    }

    private static int IndexOf(ValueList<InitramfsModule> modules, string name)
    {
        for (var i = 0; i < modules.Count; i++)
        {
            if (modules[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
