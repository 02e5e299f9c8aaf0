namespace Passthrough.Sdk.Tests.Boot;

/// <summary>File trees as installers of several distributions leave them, written for these tests.</summary>
internal static class Distributions
{
    private const string Debian =
        "# If you change this file, run 'update-grub' afterwards.\n\nGRUB_DEFAULT=0\nGRUB_TIMEOUT=5\n"
        + "GRUB_DISTRIBUTOR=`( . /etc/os-release; echo ${NAME:-Debian} ) 2>/dev/null || echo Debian`\n"
        + "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"\"\n\n#GRUB_TERMINAL=console\n";

    private const string Fedora =
        "GRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR=\"$(sed 's, release .*$,,g' /etc/system-release)\"\nGRUB_DEFAULT=saved\n"
        + "GRUB_CMDLINE_LINUX=\"rhgb quiet\"\nGRUB_ENABLE_BLSCFG=true\n";

    private static readonly Dictionary<string, Action<BootTree>> Makers = new()
    {
        ["debian"] = t => Grub(t, "ID=debian\n", Debian).With("/usr/sbin/update-grub", "#!/bin/sh\n"),
        ["ubuntu-cloud"] = t => Grub(t, "ID=ubuntu\nID_LIKE=debian\n", Debian).With("/usr/sbin/update-grub")
            .With("/etc/default/grub.d/50-cloudimg-settings.cfg", "# cloud image\nGRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1 console=ttyS0\"\nGRUB_TERMINAL=console\n"),
        ["ubuntu-added"] = t => Grub(t, "ID=ubuntu\nID_LIKE=debian\n", Debian).With("/usr/sbin/update-grub")
            .With("/etc/default/grub.d/kdump-tools.cfg", "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT crashkernel=512M-:192M\"\n"),
        ["fedora"] = t => t.With("/etc/os-release", "ID=fedora\n").With("/etc/default/grub", Fedora).With("/boot/grub2/grub.cfg", "blscfg\n")
            .With("/usr/sbin/grub2-mkconfig", "#!/bin/sh\n. ${sysconfdir}/default/grub\n").With("/usr/sbin/grubby")
            .With("/etc/kernel/cmdline", "root=UUID=1 ro rhgb quiet\n")
            .With("/boot/loader/entries/aa-6.9.1-1.fc40.x86_64.conf", "title Fedora\nversion 6.9.1-1\nlinux /vmlinuz-6.9.1\noptions root=UUID=1 ro rhgb quiet\n")
            .With("/boot/loader/entries/aa-6.10.3-1.fc40.x86_64.conf", "title Fedora\nversion 6.10.3-1\nlinux /vmlinuz-6.10.3\noptions root=UUID=1 ro rhgb quiet \n")
            .With("/boot/loader/entries/aa-0-rescue.conf", "title Rescue\nversion 0-rescue\nlinux /vmlinuz-0-rescue\noptions root=UUID=1 ro\n"),
        ["rhel8"] = t => t.With("/etc/os-release", "ID=\"rhel\"\nID_LIKE=\"fedora\"\n").With("/etc/default/grub", Fedora).With("/boot/grub2/grub.cfg", "blscfg\n")
            .With("/boot/grub2/grubenv", GrubEnvironment("saved_entry=x", "kernelopts=root=/dev/mapper/rhel-root ro quiet "))
            .With("/boot/loader/entries/bb-4.18.0-1.el8.x86_64.conf", "title RHEL\nversion 4.18.0-1\nlinux /vmlinuz-4.18.0\noptions $kernelopts $tuned_params\n"),
        ["opensuse"] = t => t.With("/etc/os-release", "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n").With("/boot/grub2/grub.cfg")
            .With("/usr/sbin/grub2-mkconfig", "#!/bin/sh\n")
            .With("/etc/default/grub", "GRUB_DISTRIBUTOR=\"\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"splash=silent resume=/dev/sda2 mitigations=auto quiet\"\nGRUB_CMDLINE_LINUX=\"\"\n"),
        ["arch-grub"] = t => Grub(t, "ID=arch\n", "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT='loglevel=3 quiet'\nGRUB_CMDLINE_LINUX=''\n").With("/usr/bin/grub-mkconfig", "#!/usr/bin/sh\n"),
        ["arch-systemd-boot"] = t => t.With("/etc/os-release", "ID=arch\n").With("/boot/loader/loader.conf", "default arch.conf\n")
            .With("/boot/EFI/systemd/systemd-bootx64.efi")
            .With("/boot/loader/entries/arch.conf", "title   Arch Linux\nlinux   /vmlinuz-linux\ninitrd  /initramfs-linux.img\noptions root=PARTUUID=2 rw")
            .With("/boot/loader/entries/windows.conf", "title Windows\nefi /EFI/Microsoft/Boot/bootmgfw.efi\n"),
        ["arch-uki"] = t => t.With("/etc/os-release", "ID=arch\n").With("/efi/loader/loader.conf", "timeout 3\n").With("/etc/kernel/cmdline", "root=PARTUUID=2 rw\n")
            .With("/etc/mkinitcpio.d/linux.preset", "PRESETS=('default')\ndefault_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n").With("/etc/mkinitcpio.conf", "MODULES=()\n"),
        ["proxmox-zfs"] = t => Proxmox(t).With("/etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 boot=zfs\n").With("/sys/firmware/efi/fw_platform_size", "64\n"),
        ["proxmox-zfs-legacy"] = t => Proxmox(t).With("/etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 boot=zfs\n").With("/proc/cmdline", "BOOT_IMAGE=/vmlinuz-6.8.12-1-pve root=ZFS=rpool/ROOT/pve-1 ro quiet\n"),
        ["proxmox-lvm"] = t => Grub(t, "ID=debian\n", Debian).With("/usr/sbin/update-grub").With("/usr/sbin/proxmox-boot-tool"),
        ["pop-os"] = t => t.With("/etc/os-release", "ID=pop\nID_LIKE=\"ubuntu debian\"\n").With("/usr/bin/kernelstub").With("/boot/efi/loader/loader.conf", "default Pop_OS-current\n")
            .With("/etc/kernelstub/configuration", "{\n  \"default\": {\n    \"kernel_options\": [\n      \"quiet\",\n      \"splash\"\n    ],\n    \"esp_path\": \"/boot/efi\"\n  },\n  \"user\": {\n    \"kernel_options\": [\n      \"quiet\",\n      \"loglevel=0\",\n      \"splash\"\n    ],\n    \"esp_path\": \"/boot/efi\",\n    \"config_rev\": 3\n  }\n}\n"),
        ["silverblue"] = t => t.With("/etc/os-release", "ID=fedora\nVARIANT_ID=silverblue\n").With("/run/ostree-booted").With("/usr/bin/rpm-ostree").With("/etc/default/grub", Fedora)
            .With("/boot/loader/entries/ostree-2.conf", "title Fedora\nversion 2\nlinux /ostree/vmlinuz\noptions root=UUID=1 rw quiet ostree=/ostree/boot.1/x\n"),
        ["raspberry-pi"] = t => t.With("/etc/os-release", "ID=debian\n").With("/boot/firmware/config.txt", "[all]\narm_64bit=1\n")
            .With("/boot/firmware/cmdline.txt", "console=serial0,115200 console=tty1 root=PARTUUID=3 rootwait\n").With("/boot/cmdline.txt", "DO NOT EDIT THIS FILE\n").With("/boot/config.txt", "DO NOT EDIT\n"),
        ["extlinux"] = t => t.With("/boot/extlinux/extlinux.conf", "DEFAULT arch\nLABEL arch\n  LINUX /Image\n  APPEND root=/dev/mmcblk0p1 rw\nLABEL fallback\n\tLINUX /Image\n\tappend root=/dev/mmcblk0p1 rw single\n"),
        ["debian-u-boot"] = t => t.With("/boot/extlinux/extlinux.conf", "label l0\n\tlinux /vmlinuz\n\tappend root=/dev/sda1 ro quiet\n").With("/usr/sbin/u-boot-update")
            .With("/etc/default/u-boot", "U_BOOT_PARAMETERS=\"ro quiet\"\n"),
        ["alpine"] = t => t.With("/etc/os-release", "ID=alpine\n").With("/boot/extlinux.conf", "LABEL lts\n APPEND root=UUID=1 quiet\n").With("/etc/update-extlinux.conf", "overwrite=1\ndefault_kernel_opts=\"quiet rootfstype=ext4\"\nmodules=sd-mod,ext4\n"),
        ["rhel9"] = t => t.With("/etc/os-release", "ID=\"rhel\"\nID_LIKE=\"fedora\"\n").With("/etc/default/grub", Fedora).With("/boot/grub2/grub.cfg", "blscfg\n")
            .With("/boot/grub2/grubenv", GrubEnvironment("saved_entry=x", "tuned_params=skew_tick=1"))
            .With("/boot/loader/entries/cc-5.14.0-1.el9.x86_64.conf", "title RHEL\nversion 5.14.0-1.el9\nlinux /vmlinuz-5.14.0\noptions root=/dev/mapper/rhel-root ro quiet $tuned_params\n"),
        ["opensuse-systemd-boot"] = t => t.With("/etc/os-release", "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n").With("/usr/bin/sdbootutil").With("/boot/efi/loader/loader.conf", "timeout 5\n")
            .With("/etc/kernel/cmdline", "root=UUID=1 splash=silent quiet security=apparmor\n")
            .With("/boot/efi/loader/entries/system-opensuse-tumbleweed-6.10.2-1-default-1.conf", "title openSUSE\nversion 1@6.10.2-1-default\nlinux /opensuse/linux\noptions root=UUID=1 splash=silent quiet security=apparmor\n"),
        ["gentoo"] = t => Grub(t, "ID=gentoo\n", "# Append parameters to the linux kernel command line\n#GRUB_CMDLINE_LINUX=\"\"\n#\n# Examples:\n#GRUB_CMDLINE_LINUX=\"init=/lib/systemd/systemd\"\n").With("/usr/sbin/grub-mkconfig", "#!/bin/sh\n"),
        ["void"] = t => Grub(t, "ID=\"void\"\n", "GRUB_DEFAULT=0\n#GRUB_HIDDEN_TIMEOUT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"loglevel=4\"\n").With("/usr/bin/update-grub").With("/usr/bin/grub-mkconfig", "#!/bin/sh\n"),
        ["alpine-grub"] = t => Grub(t, "ID=alpine\n", "GRUB_TIMEOUT=2\nGRUB_DISABLE_SUBMENU=y\nGRUB_CMDLINE_LINUX_DEFAULT=\"modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4\"\n").With("/usr/sbin/grub-mkconfig", "#!/bin/sh\n"),
        ["debian-xen"] = t => Grub(t, "ID=debian\n", Debian).With("/usr/sbin/update-grub").With("/etc/default/grub.d/xen.cfg", "GRUB_CMDLINE_XEN_DEFAULT=\"dom0_mem=2G,max:2G\"\nGRUB_DEFAULT=\"Debian GNU/Linux, with Xen hypervisor\"\n"),
        ["arch-uki-pieces"] = t => t.With("/etc/os-release", "ID=arch\n").With("/efi/loader/loader.conf", "timeout 3\n").With("/etc/cmdline.d/root.conf", "root=PARTUUID=2 rw\n").With("/etc/cmdline.d/security.conf", "# keep\nlsm=landlock quiet\n")
            .With("/etc/mkinitcpio.d/linux.preset", "PRESETS=('default')\ndefault_uki=\"/efi/EFI/Linux/arch-linux.efi\"\n").With("/etc/mkinitcpio.conf", "MODULES=()\n"),
        ["cachyos-limine"] = t => t.With("/etc/os-release", "ID=cachyos\nID_LIKE=arch\n").With("/usr/bin/limine-mkinitcpio")
            .With("/etc/default/limine", "ESP_PATH=\"/boot\"\nKERNEL_CMDLINE[default]+=\"quiet rw root=UUID=1\"\nBOOT_ORDER=\"*, *lts, *fallback\"\n")
            .With("/boot/limine.conf", "timeout: 5\n\n/+CachyOS\n  //linux-cachyos\n  protocol: linux\n  path: boot():/vmlinuz\n  cmdline: quiet rw root=UUID=1\n"),
        ["omarchy-limine"] = t => t.With("/etc/os-release", "ID=arch\n").With("/usr/bin/limine-update").With("/etc/limine-entry-tool.conf", "# nothing\n")
            .With("/etc/limine-entry-tool.d/omarchy-defaults.conf", "TARGET_OS_NAME=\"Omarchy\"\nKERNEL_CMDLINE[default]+=\" quiet splash\"\n")
            .With("/etc/limine-entry-tool.d/resume.conf", "KERNEL_CMDLINE[default]+=\" resume=/dev/mapper/root\"\n")
            .With("/etc/default/limine", "KERNEL_CMDLINE[default]=\"root=/dev/mapper/root rw quiet\"\n"),
        ["limine-by-hand"] = t => t.With("/boot/EFI/limine/limine_x64.efi").With("/boot/EFI/limine/limine.conf",
            "timeout: 3\n/Arch\n    protocol: linux\n    path: boot():/vmlinuz-linux\n    Cmdline: root=UUID=1 rw quiet\n    module_path: boot():/initramfs.img\n/Arch (fallback)\n    protocol: linux\n    cmdline: root=UUID=1 rw quiet\n"),
        ["limine-old"] = t => t.With("/boot/limine.cfg", "TIMEOUT=3\n:Arch\nPROTOCOL=linux\nKERNEL_PATH=boot:///vmlinuz\nCMDLINE=root=UUID=1 rw quiet\n"),
        ["refind"] = t => t.With("/etc/os-release", "ID=arch\n").With("/boot/efi/EFI/refind/refind.conf", "timeout 20\n#menuentry \"no\" {\n")
            .With("/boot/refind_linux.conf", "\"Boot with standard options\"  \"root=UUID=1 rw quiet\"\n\"Boot to single-user mode\"    \"root=UUID=1 rw quiet single\"\n"),
        ["refind-stanza"] = t => t.With("/boot/efi/EFI/refind/refind.conf",
            "timeout 5\nmenuentry \"Arch\" {\n\ticon /EFI/refind/icons/os_arch.png\n\tloader /vmlinuz-linux\n\toptions \"root=UUID=1 rw quiet\"\n\tsubmenuentry \"rescue\" {\n\t\tadd_options \"single\"\n\t}\n}\nmenuentry Windows {\n\tloader \\EFI\\Microsoft\\Boot\\bootmgfw.efi\n\toptions \"a\"\n}\n"),
        ["nixos"] = t => t.With("/etc/os-release", "ID=nixos\n").With("/boot/loader/loader.conf", "timeout 5\n").With("/boot/EFI/systemd/systemd-bootx64.efi")
            .With("/boot/loader/entries/nixos-generation-7.conf", "title NixOS\nversion Generation 7\nlinux /efi/nixos/linux.efi\noptions init=/nix/store/x/init loglevel=4\n"),
        ["flatcar"] = t => t.With("/etc/os-release", "ID=flatcar\nID_LIKE=coreos\n").With("/boot/flatcar/grub/x86_64-efi/core.efi"),
    };

    /// <summary>Those whose boot files are made elsewhere, and a word of the way out.</summary>
    public static readonly Dictionary<string, string> Refused = new() { ["nixos"] = "boot.kernelParams", ["flatcar"] = "/oem/grub.cfg" };

    public static IEnumerable<string> Names => Makers.Keys;

    public static BootTree Make(string name)
    {
        var tree = new BootTree();
        Makers[name](tree);
        return tree;
    }

    public static string GrubEnvironment(params string[] lines)
    {
        var text = "# GRUB Environment Block\n" + string.Concat(lines.Select(l => l + "\n"));
        return text + new string('#', 1024 - text.Length);
    }

    private static BootTree Grub(BootTree tree, string release, string settings) => tree.With("/etc/os-release", release).With("/etc/default/grub", settings)
        .With("/boot/grub/grub.cfg", "menuentry 'Linux' {\n\tlinux\t/vmlinuz root=/dev/sda1 ro\n}\n");

    private static BootTree Proxmox(BootTree tree) => Grub(tree, "ID=debian\n", Debian).With("/usr/sbin/update-grub").With("/usr/sbin/proxmox-boot-tool")
        .With("/etc/kernel/proxmox-boot-uuids", "AAAA-BBBB\nCCCC-DDDD\n").With("/etc/default/grub.d/zfs.cfg", "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX root=ZFS=rpool/ROOT/pve-1 boot=zfs\"\n");
}
