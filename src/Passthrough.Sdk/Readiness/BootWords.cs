using Passthrough.Sdk.Boot;

namespace Passthrough.Sdk.Readiness;

/// <summary>How a kernel parameter is changed on this very host, in words for a remedy: the file, the command, the reboot.</summary>
internal static class BootWords
{
    /// <summary>Puts a parameter on the command line.</summary>
    public static string Add(BootStatus boot, string parameter) => boot.Loader switch
    {
        BootLoaderKind.RpmOstree => $"rpm-ostree kargs --append-if-missing={parameter}, and boot again",
        BootLoaderKind.GrubEntries => $"grubby --update-kernel=ALL --args={parameter}, and boot again{Or($"--add {parameter}")}",
        _ when boot.Obstacle is { } obstacle && boot.Loader != BootLoaderKind.Unknown => $"add {parameter} to the kernel's parameters by hand, since {obstacle}",
        _ when boot.Files.IsEmpty => $"add {parameter} to the kernel's parameters (passthrough boot plan --add {parameter}) and boot again",
        _ => $"add {parameter} to {(boot.Key is null ? "" : boot.Key + " in ")}{boot.Files[0]}{Then(boot)} and boot again{Or($"--add {parameter}")}",
    };

    /// <summary>Takes a parameter off the command line, from where it stands.</summary>
    public static string Remove(BootStatus boot, string parameter)
    {
        var name = parameter.Split('=')[0];
        var place = boot.Places.LastOrDefault(p => p.Parameter.Text == parameter) ?? boot.PlaceOf(name);
        return boot.Loader switch
        {
            BootLoaderKind.Declarative => $"remove {parameter} from the kernel's parameters: {boot.Obstacle}",
        BootLoaderKind.RpmOstree => $"rpm-ostree kargs --delete-if-present={parameter}, and boot again",
            BootLoaderKind.GrubEntries => $"grubby --update-kernel=ALL --remove-args={parameter}, and boot again{Or($"--remove {parameter}")}",
            _ when boot.Configured.IsKnown && place is null =>
                $"the boot configuration ({boot.Configured.Source}) has no {parameter}: boot again{(boot.Generated.Value?.Contains(parameter, StringComparison.Ordinal) == true ? $" after {Run(boot)}" : "")}",
            _ when place is null => $"remove {parameter} from the kernel's parameters (passthrough boot plan --remove {parameter}) and boot again",
            _ => $"remove {parameter} from {place}{Then(boot)} and boot again{Or($"--remove {parameter}")}",
        };
    }

    /// <summary>The commands that make a change of the files take effect, <c>update-grub</c>; empty where none has to run.</summary>
    public static string Run(BootStatus boot) => string.Join(" and ", boot.Commands);

    /// <summary>A loader as one speaks of it.</summary>
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
        _ => "the boot loader",
    };

    private static string Then(BootStatus boot) => boot.Commands.IsEmpty ? "" : $", run {Run(boot)},";

    private static string Or(string arguments) => $" (or: passthrough boot apply {arguments})";
}
