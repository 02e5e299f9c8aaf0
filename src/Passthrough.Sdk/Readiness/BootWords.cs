using Passthrough.Sdk.Boot;

namespace Passthrough.Sdk.Readiness;

/// <summary>Describes how to change a kernel parameter on this host, for a remedy: the file, the command, the reboot.</summary>
internal static class BootWords
{
    /// <summary>Describes how to add a parameter to the command line.</summary>
    public static string Add(BootStatus boot, string parameter) => boot.Loader switch
    {
        BootLoaderKind.RpmOstree => $"rpm-ostree kargs --append-if-missing={parameter}, and reboot",
        BootLoaderKind.GrubEntries => $"grubby --update-kernel=ALL --args={parameter}, and reboot",
        _ when boot.Obstacle is { } obstacle => ByHand($"add {parameter} to the kernel's parameters", obstacle),
        _ when boot.Files.IsEmpty => $"add {parameter} to the kernel's parameters in the boot loader's configuration, and reboot",
        _ => $"add {parameter} to {(boot.Key is null ? "" : boot.Key + " in ")}{boot.Files[0]}{Then(boot)} and reboot",
    };

    /// <summary>Describes how to remove a parameter from the place where it is set.</summary>
    public static string Remove(BootStatus boot, string parameter)
    {
        var name = parameter.Split('=')[0];
        var place = boot.Places.LastOrDefault(p => p.Parameter.Text == parameter) ?? boot.PlaceOf(name);
        var obstacle = place?.Obstacle ?? boot.RemovalObstacle;
        return boot.Loader switch
        {
            BootLoaderKind.Declarative => ByHand($"remove {parameter} from the kernel's parameters", obstacle ?? boot.Obstacle ?? "the system generates them"),
            BootLoaderKind.RpmOstree => $"rpm-ostree kargs --delete-if-present={parameter}, and reboot",
            BootLoaderKind.GrubEntries => $"grubby --update-kernel=ALL --remove-args={parameter}, and reboot",
            _ when boot.Configured.IsKnown && place is null =>
                $"the boot configuration ({boot.Configured.Source}) has no {parameter}: reboot{(boot.Generated.Value?.Contains(parameter, StringComparison.Ordinal) == true ? $" after {Run(boot)}" : "")}",
            _ when place is not null && obstacle is null => $"remove {parameter} from {place}{Then(boot)} and reboot",
            _ when obstacle is not null => ByHand($"remove {parameter} from the kernel's parameters", obstacle),
            _ => $"remove {parameter} from the kernel's parameters in the boot loader's configuration, and reboot",
        };
    }

    /// <summary>Returns the commands that make a change of the files take effect, <c>update-grub</c>; empty if none is needed.</summary>
    public static string Run(BootStatus boot) => string.Join(" and ", boot.Commands);

    /// <summary>Returns the usual name of a loader.</summary>
    public static string Name(BootLoaderKind loader) => loader switch
    {
        BootLoaderKind.Grub => "GRUB",
        BootLoaderKind.GrubEntries => "GRUB, with its entries in /boot/loader/entries,",
        BootLoaderKind.SystemdBoot => "systemd-boot",
        BootLoaderKind.RpmOstree => "rpm-ostree",
        BootLoaderKind.ProxmoxBootTool => "proxmox-boot-tool",
        BootLoaderKind.Kernelstub => "kernelstub",
        BootLoaderKind.RaspberryPi => "the Raspberry Pi's firmware",
        BootLoaderKind.Extlinux => "extlinux",
        BootLoaderKind.Declarative => "this system",
        BootLoaderKind.Limine => "Limine",
        BootLoaderKind.Refind => "rEFInd",
        _ => "the boot loader",
    };

    private static string ByHand(string what, string obstacle) => $"{what} by hand: {obstacle.TrimEnd('.')}";

    private static string Then(BootStatus boot) => boot.Commands.IsEmpty ? "" : $", run {Run(boot)},";
}
