using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Finds out what boots a host, and says why.</summary>
/// <remarks>
/// From the surest to the weakest: tools that own the whole of booting; what the boot that is running left behind
/// (systemd-boot's EFI variable, GRUB's BOOT_IMAGE=); what is installed. Where two are installed and nothing tells which
/// one ran, none is in charge: a parameter in the wrong loader's file is worse than a refusal.
/// </remarks>
internal sealed class BootLoaderDetector(BootFiles host)
{
    private const string LoaderInfo = "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";

    private readonly string _running = host.TryText("/proc/cmdline") ?? "";

    /// <summary>What speaks for the answer.</summary>
    public List<Fact<string>> Evidence { get; } = [];

    /// <summary>The loader in charge; null when that is not certain.</summary>
    public BootLoader? Detect() => Owner() ?? Board() ?? Loader();

    private BootLoader? Owner()
    {
        if (DeclarativeLoader.Find(host) is { } declarative)
        {
            Evidence.Add(Fact.Known(OsRelease.Read(host).Id, "/etc/os-release"));
            return declarative;
        }

        if (Says("/run/ostree-booted", "an ostree system is running") || RunningHas("ostree=")
            || (host.HasProgram("rpm-ostree") && Says("/ostree/repo", "an ostree repository")))
            return new RpmOstreeLoader();
        if (host.TryText("/etc/kernel/proxmox-boot-uuids") is { } uuids && uuids.Trim().Length > 0)
        {
            Evidence.Add(Fact.Known(uuids.Trim().ReplaceLineEndings(", "), "/etc/kernel/proxmox-boot-uuids"));
            return new ProxmoxLoader(ProxmoxUsesGrub());
        }

        return host.Exists("/usr/bin/kernelstub") | Says(KernelstubLoader.File, "kernelstub's configuration") && host.Exists(KernelstubLoader.File)
            ? new KernelstubLoader()
            : null;
    }

    private bool ProxmoxUsesGrub()
    {
        if (RunningHas("BOOT_IMAGE="))
            return true;
        if (RunningHas("initrd=\\"))
            return false;
        if (!host.Exists(CommandLineFile.KernelInstall))
            return true;
        bool legacy = host.Exists("/sys/firmware") && !host.Exists("/sys/firmware/efi");
        Evidence.Add(legacy ? Fact.Absent<string>("/sys/firmware/efi") : Fact.Known("systemd-boot's command line", CommandLineFile.KernelInstall));
        return legacy;
    }

    private RaspberryPiLoader? Board()
    {
        if (RaspberryPiLoader.Find(host) is { } path && Says(path, "beside the firmware's config.txt"))
            return new RaspberryPiLoader(path);
        return null;
    }

    private BootLoader? Loader()
    {
        string? info = host.TryText(LoaderInfo) is { } raw ? Encoding.Unicode.GetString(Encoding.Latin1.GetBytes(Latin1(raw))).Trim('\0') : null;
        if (info is not null)
            Evidence.Add(Fact.Known(info, LoaderInfo));
        bool grub = HasGrub();
        bool systemd = HasSystemdBoot();
        string? extlinux = ExtlinuxLoader.Find(host);
        if (info?.Contains("systemd-boot", StringComparison.Ordinal) == true)
            return new SystemdBootLoader();
        if (info?.Contains("GRUB", StringComparison.OrdinalIgnoreCase) == true && grub)
            return Grub();
        if (grub && systemd)
        {
            if (RunningHas("BOOT_IMAGE="))
                return Grub();
            return RunningHas("initrd=\\") ? new SystemdBootLoader() : null;
        }

        if (grub)
            return Grub();
        if (systemd)
            return new SystemdBootLoader();
        if (extlinux is null || !Says(extlinux, "extlinux's menu"))
            return null;
        return ExtlinuxGeneratorLoader.Find(host) ?? (BootLoader)new ExtlinuxLoader(extlinux);
    }

    // The variable's first four bytes are its attributes; the rest is UTF-16, which reading as UTF-8 leaves intact for ASCII.
    private static string Latin1(string text) => text.Length > 4 ? text[4..] : "";

    private bool HasGrub() => Says(GrubLoader.File, "GRUB's settings") | (GrubCommands.MenuPath(host) is { } menu && Says(menu, "GRUB's menu")) && host.Exists(GrubLoader.File);

    private bool HasSystemdBoot()
    {
        string? conf = host.First("/boot/loader/loader.conf", "/efi/loader/loader.conf", "/boot/efi/loader/loader.conf", "/esp/loader/loader.conf");
        string? image = host.First("/boot/EFI/systemd/systemd-bootx64.efi", "/efi/EFI/systemd/systemd-bootx64.efi", "/boot/efi/EFI/systemd/systemd-bootx64.efi",
            "/boot/EFI/systemd/systemd-bootaa64.efi", "/efi/EFI/systemd/systemd-bootaa64.efi", "/boot/efi/EFI/systemd/systemd-bootaa64.efi");
        bool found = false;
        foreach (string? path in new[] { conf, image })
            found |= path is not null && Says(path, "systemd-boot is installed");
        if (found || host.Exists(GrubLoader.File))
            return found;
        return LoaderEntries.Find(host) is [var entry, ..] ? Says(entry, "a boot entry, and no GRUB") : Says(CommandLineFile.KernelInstall, "kernel-install's command line, and no GRUB");
    }

    private GrubLoader Grub()
    {
        bool enabled = host.TryText(GrubLoader.File)?.Split('\n').Any(l => l.Trim().Trim('\r') is "GRUB_ENABLE_BLSCFG=true" or "GRUB_ENABLE_BLSCFG=\"true\"" or "GRUB_ENABLE_BLSCFG='true'") == true;
        if (!enabled)
            return new GrubLoader();
        Evidence.Add(Fact.Known("GRUB_ENABLE_BLSCFG=true", GrubLoader.File));
        return new GrubEntriesLoader();
    }

    private bool RunningHas(string start)
    {
        string? word = _running.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(w => w.StartsWith(start, StringComparison.Ordinal));
        if (word is not null)
            Evidence.Add(Fact.Known(word, "/proc/cmdline"));
        return word is not null;
    }

    private bool Says(string path, string meaning)
    {
        if (!host.Exists(path))
            return false;
        Evidence.Add(Fact.Known(meaning, path));
        return true;
    }
}
