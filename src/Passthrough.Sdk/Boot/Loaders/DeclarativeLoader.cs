using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Systems that generate their boot files from a declaration or an image: edits on the host are lost.</summary>
/// <remarks>Each instruction comes from the system's own documentation (NixOS manual, "boot.kernelParams"; bootc, "kernel arguments").</remarks>
internal sealed class DeclarativeLoader(string name, string sign, string wayOut) : BootLoader
{
    private const string Release = "/etc/os-release";

    public override BootLoaderKind Kind => BootLoaderKind.Declarative;

    /// <summary>The system's name.</summary>
    public string Name => name;

    /// <summary>The file by which it was recognised.</summary>
    public string Sign => sign;

    /// <summary>The loader of such a system; null on any other.</summary>
    public static DeclarativeLoader? Find(BootFiles host) => OsRelease.Read(host).Id switch
    {
        "nixos" => new("NixOS", Release, "put the parameter into boot.kernelParams in /etc/nixos/configuration.nix, run nixos-rebuild boot, and reboot"),
        "guix" => new("Guix System", Release, "put the parameter into kernel-arguments of the operating-system declaration (/etc/config.scm), run guix system reconfigure, and reboot"),
        "flatcar" => new("Flatcar", Release, "write set linux_append=\"PARAMETER\" into /oem/grub.cfg, and reboot"),
        "ubuntu-core" => new("Ubuntu Core", Release, "run snap set system system.kernel.cmdline-append=PARAMETER, and reboot"),
        "talos" => new("Talos", Release, "put the parameter into machine.install.extraKernelArgs, and upgrade the machine"),
        "bottlerocket" => new("Bottlerocket", Release, "set settings.boot.kernel-parameters with apiclient, and reboot"),
        "steamos" => new("SteamOS", Release, "run steamos-readonly disable, add the parameter to GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run update-grub, and reboot; a system update removes the change"),
        "chromeos" or "chromiumos" => new("ChromeOS", Release, "run /usr/share/vboot/bin/make_dev_ssd.sh --edit_config in developer mode, and reboot"),
        "vanilla" => new("Vanilla OS", Release, "run abroot kargs edit, which opens the parameters in an editor, and reboot"),
        "clear-linux-os" => new("Clear Linux OS", Release, "write the parameter into a file of /etc/kernel/cmdline.d, run clr-boot-manager update, and reboot"),
        "kairos" => new("Kairos", Release, "put the parameter into install.grub_options of the cloud-config, and upgrade the machine"),
        "xenenterprise" or "xcp-ng" => new("XCP-ng or XenServer", Release, "run /opt/xensource/libexec/xen-cmdline --set-dom0 PARAMETER, and reboot"),
        "endless" or "gnomeos" => Ostree(host),
        _ => ByProgram(host),
    };

    public override Fact<string> Configured(BootFiles host)
    {
        if (LoaderEntries.Find(host) is [var newest, ..])
        {
            return Try(newest, () => LoaderEntries.Options(host, newest));
        }

        if (LoaderEntries.WhyHidden(host) is { } hidden)
        {
            return hidden;
        }

        return GrubCommands.MenuPath(host) is { } menu
            ? Try(menu, () => host.Read(menu) is { } text ? GrubMenu.CommandLine(Encoding.Latin1.GetString(text)) : null)
            : Fact.Unknown<string>("", $"{name} keeps the command line elsewhere");
    }

    public override string? Key(BootFiles host) => LoaderEntries.Find(host).Count > 0 ? LoaderEntries.Key : null;

    public override void Plan(BootDraftBuilder plan, BootChange change) =>
        throw new BootException($"{name} generates its boot files, so edits to them are lost - {wayOut}.");

    private static DeclarativeLoader? ByProgram(BootFiles host)
    {
        if (host.Exists("/etc/NIXOS"))
        {
            return new("NixOS", "/etc/NIXOS", "put the parameter into boot.kernelParams in /etc/nixos/configuration.nix, run nixos-rebuild boot, and reboot");
        }

        // rpm-ostree keeps parameters of the host beside those of the image; without it only the image says them.
        if (host.First("/usr/lib/bootc", "/usr/bin/bootc") is { } bootc && !host.HasProgram("rpm-ostree") && IsImage(host))
        {
            return new("bootc", bootc, "put kargs = [\"PARAMETER\"] into a file of /usr/lib/bootc/kargs.d in the image, build it, run bootc upgrade, and reboot");
        }

        // The Elemental toolkit boots the image with this label; its GRUB takes more parameters from an environment block.
        if (host.TryText("/proc/cmdline") is { } running && (running.Contains("root=LABEL=COS_", StringComparison.Ordinal) || running.Contains("cos-img/filename=", StringComparison.Ordinal)))
        {
            return new("an image of the Elemental toolkit (Harvester, Kairos)", "/proc/cmdline", "run grub2-editenv /oem/grubenv set extra_cmdline=PARAMETER, and reboot");
        }

        if (host.HasProgram("abroot"))
        {
            return new("ABRoot", "/usr/bin/abroot", "run abroot kargs edit, which opens the parameters in an editor, and reboot");
        }

        return host.Exists("/usr/bin/midclt")
            ? new("TrueNAS", "/usr/bin/midclt", "run midclt call system.advanced.update '{\"kernel_extra_options\": \"PARAMETER\"}', and reboot")
            : null;
    }

    /// <summary>bootc may be installed on an ordinary host too, to build images there.</summary>
    private static bool IsImage(BootFiles host) => host.First("/run/ostree-booted", "/ostree", "/sysroot/ostree", "/run/bootc", "/usr/lib/bootc/kargs.d", "/usr/lib/bootc/install") is not null
        || host.TryText("/proc/cmdline")?.Contains("ostree=", StringComparison.Ordinal) == true
        || host.TryText("/proc/cmdline")?.Contains("composefs=", StringComparison.Ordinal) == true;

    private static DeclarativeLoader? Ostree(BootFiles host) => host.HasProgram("rpm-ostree")
        ? null
        : new("ostree", Release, "run ostree admin kargs edit-in-place --append-if-missing=PARAMETER, and reboot");
}
