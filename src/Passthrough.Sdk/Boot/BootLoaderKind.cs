namespace Passthrough.Sdk.Boot;

/// <summary>The boot loaders and tools that hold the kernel command line of a host and determine which files are edited.</summary>
public enum BootLoaderKind
{
    /// <summary>No loader was recognised, or the evidence does not decide between two.</summary>
    Unknown = 0,

    /// <summary>GRUB 2 with a generated grub.cfg: /etc/default/grub, then update-grub or grub2-mkconfig.</summary>
    Grub = 1,

    /// <summary>GRUB 2 that reads Boot Loader Specification entries (Fedora, RHEL), which grubby edits.</summary>
    GrubEntries = 2,

    /// <summary>systemd-boot with entries on the EFI system partition, by kernel-install or by hand; also unified kernel images.</summary>
    SystemdBoot = 3,

    /// <summary>rpm-ostree (Silverblue, CoreOS): <c>rpm-ostree kargs</c>.</summary>
    RpmOstree = 4,

    /// <summary>Proxmox's proxmox-boot-tool, which copies kernels to several EFI system partitions.</summary>
    ProxmoxBootTool = 5,

    /// <summary>Pop!_OS's kernelstub.</summary>
    Kernelstub = 6,

    /// <summary>The Raspberry Pi's firmware: cmdline.txt.</summary>
    RaspberryPi = 7,

    /// <summary>extlinux.conf, read by U-Boot or syslinux.</summary>
    Extlinux = 8,

    /// <summary>A system that generates its boot files from a declaration or an image (NixOS, bootc, Flatcar, Ubuntu Core, Talos): no file can be edited.</summary>
    Declarative = 9,

    /// <summary>Limine (CachyOS, Omarchy): limine-entry-tool's <c>KERNEL_CMDLINE</c>, or limine.conf itself.</summary>
    Limine = 10,

    /// <summary>rEFInd: refind_linux.conf beside the kernel, or a stanza of refind.conf.</summary>
    Refind = 11,
}
