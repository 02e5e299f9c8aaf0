using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Finds the boot loaders whose files are on a host: one of them may be the one that starts it.</summary>
internal sealed class LoaderCandidateFinder(BootFiles host, LoaderEvidence evidence)
{
    /// <summary>Returns the loaders whose files are on the host, and adds what speaks for each to the evidence.</summary>
    public List<LoaderCandidate> Find()
    {
        var limine = LimineToolLoader.Find(host) ?? (BootLoader?)LimineLoader.Find(host);
        var refind = RefindLoader.Find(host);
        var candidates = new List<LoaderCandidate>();
        var grub = HasGrub();
        if (grub)
        {
            candidates.Add(new LoaderCandidate(LoaderFamily.Grub, "GRUB", Grub()));
        }

        if (HasSystemdBoot(alone: !grub && limine is null && refind is null))
        {
            BootLoader loader = host.Exists(KernelstubLoader.File) && evidence.AddIfExists(KernelstubLoader.File, "kernelstub's configuration")
                ? new KernelstubLoader()
                : new SystemdBootLoader();
            candidates.Add(new LoaderCandidate(LoaderFamily.SystemdBoot, "systemd-boot", loader));
        }

        if (limine is not null)
        {
            evidence.Add(Fact.Known("Limine's settings", limine is LimineToolLoader ? LimineSettings.Files(host)[^1] : LimineLoader.Paths(host)[0]));
            candidates.Add(new LoaderCandidate(LoaderFamily.Limine, "Limine", limine));
        }

        if (refind is not null)
        {
            evidence.Add(Fact.Known("rEFInd's settings", refind.Sign));
            candidates.Add(new LoaderCandidate(LoaderFamily.Refind, "rEFInd", refind));
        }

        if (ExtlinuxLoader.Find(host) is { } menu && evidence.AddIfExists(menu, "extlinux's menu"))
        {
            candidates.Add(new LoaderCandidate(LoaderFamily.Extlinux, "extlinux", ExtlinuxGeneratorLoader.Find(host) ?? (BootLoader)new ExtlinuxLoader(menu)));
        }

        return candidates;
    }

    private bool HasGrub() => evidence.AddIfExists(GrubLoader.File, "GRUB's settings") | (GrubCommands.MenuPath(host) is { } menu && evidence.AddIfExists(menu, "GRUB's menu"))
        && (host.Exists(GrubLoader.File) || ReadsEntries());

    /// <summary>Whether GRUB's menu takes the entries of the Boot Loader Specification: images without /etc/default/grub have it so.</summary>
    private bool ReadsEntries() => GrubCommands.MenuPath(host) is { } menu && LoaderEntries.Find(host).Count > 0
        && host.TryText(menu)?.Split('\n').Any(line => line.Trim() == "blscfg") == true;

    private bool HasSystemdBoot(bool alone)
    {
        var conf = host.First("/boot/loader/loader.conf", "/efi/loader/loader.conf", "/boot/efi/loader/loader.conf", "/esp/loader/loader.conf");
        var image = host.First("/boot/EFI/systemd/systemd-bootx64.efi", "/efi/EFI/systemd/systemd-bootx64.efi", "/boot/efi/EFI/systemd/systemd-bootx64.efi",
            "/boot/EFI/systemd/systemd-bootaa64.efi", "/efi/EFI/systemd/systemd-bootaa64.efi", "/boot/efi/EFI/systemd/systemd-bootaa64.efi");
        var found = false;
        foreach (var path in new[] { conf, image })
        {
            found |= path is not null && evidence.AddIfExists(path, "systemd-boot is installed");
        }

        if (found || !alone)
        {
            return found;
        }

        return LoaderEntries.Find(host) is [var entry, ..] ? evidence.AddIfExists(entry, "a boot entry, and no GRUB")
            : evidence.AddIfExists(CommandLineFile.KernelInstall, "kernel-install's command line, and no GRUB") || evidence.AddIfExists(KernelstubLoader.File, "kernelstub's configuration");
    }

    private GrubLoader Grub()
    {
        var enabled = !host.Exists(GrubLoader.File) || host.TryText(GrubLoader.File)?.Split('\n').Any(l => l.Trim().Trim('\r') is "GRUB_ENABLE_BLSCFG=true" or "GRUB_ENABLE_BLSCFG=\"true\"" or "GRUB_ENABLE_BLSCFG='true'") == true;
        if (!enabled)
        {
            return new GrubLoader();
        }

        evidence.Add(host.Exists(GrubLoader.File) ? Fact.Known("GRUB_ENABLE_BLSCFG=true", GrubLoader.File) : Fact.Known("blscfg", GrubCommands.MenuPath(host)!));
        return new GrubEntriesLoader();
    }
}
