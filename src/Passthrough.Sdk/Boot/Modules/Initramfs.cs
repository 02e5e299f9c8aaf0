using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Boot.Modules;

/// <summary>Adds vfio-pci to the initramfs, so that it is loaded before the devices' own drivers.</summary>
/// <remarks>
/// initramfs-tools: /etc/initramfs-tools/modules. mkinitcpio: MODULES, by a drop-in of /etc/mkinitcpio.conf.d (since 38).
/// dracut: force_drivers of dracut.conf(5). vfio_virqfd is part of vfio since Linux 6.2 and is not named.
/// </remarks>
internal static class Initramfs
{
    private static readonly string Modules = string.Join(' ', VfioModules.ForInitramfs);

    private const string Why = "vfio-pci must be in the initramfs";

    public static void IncludeVfio(BootDraftBuilder plan)
    {
        var host = plan.Host;
        if (host.Exists("/etc/initramfs-tools") || host.HasProgram("update-initramfs"))
        {
            InitramfsTools(plan);
        }
        else if (host.Exists("/etc/mkinitcpio.conf"))
        {
            Mkinitcpio(plan);
        }
        else if (host.HasProgram("dracut") || host.Exists("/etc/dracut.conf.d") || host.Exists("/etc/dracut.conf"))
        {
            Dracut(plan);
        }
        else
        {
            plan.Because("No initramfs tool was recognised: make sure that vfio-pci is loaded before the devices' own drivers.");
        }
    }

    private static void InitramfsTools(BootDraftBuilder plan)
    {
        const string List = "/etc/initramfs-tools/modules";
        var text = plan.ReadText(List) ?? "";
        if (!text.Split('\n').Any(l => KernelNames.Canonical(l.Trim()) == VfioModules.Driver))
        {
            plan.WriteText(List, text + (text.Length == 0 || text.EndsWith('\n') ? "" : "\n") + "vfio_pci\n");
        }

        if (plan.HasEdits)
        {
            plan.Follow(new BootCommand("update-initramfs", ["-u", "-k", "all"], Why));
        }
    }

    private static void Mkinitcpio(BootDraftBuilder plan)
    {
        if (!plan.Host.Exists("/etc/mkinitcpio.conf.d"))
        {
            throw new BootException("/etc/mkinitcpio.conf.d does not exist, so this mkinitcpio may be too old for drop-in files - create the directory if mkinitcpio is version 38 or later, or add vfio_pci to MODULES by hand.");
        }

        plan.WriteText("/etc/mkinitcpio.conf.d/passthrough-vfio.conf", $"MODULES+=({Modules})\n");
        if (plan.HasEdits)
        {
            plan.Follow(new BootCommand("mkinitcpio", ["-P"], Why));
        }
    }

    private static void Dracut(BootDraftBuilder plan)
    {
        plan.WriteText("/etc/dracut.conf.d/passthrough-vfio.conf", $"force_drivers+=\" {Modules} \"\n");
        if (plan.HasEdits)
        {
            plan.Follow(new BootCommand("dracut", ["--force", "--regenerate-all"], Why));
        }
    }
}
