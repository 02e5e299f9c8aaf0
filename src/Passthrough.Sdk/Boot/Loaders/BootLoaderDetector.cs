using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Determines the boot loader of a host, with the evidence.</summary>
/// <remarks>
/// Tools and images that own the whole boot process come first. Among ordinary loaders, the evidence of the running kernel decides,
/// and files only show which loaders are possible, because settings often outlive their loader. If nothing decides between two,
/// none is chosen: a parameter in the wrong loader's file is worse than a refusal.
/// </remarks>
internal sealed class BootLoaderDetector(BootFiles host)
{
    private const string CommandLine = "/proc/cmdline";

    private readonly BootTrace _trace = new(host);
    private readonly LoaderEvidence _evidence = new(host);
    private List<LoaderCandidate> _candidates = [];
    private readonly HashSet<LoaderFamily> _proven = [];
    private readonly HashSet<LoaderFamily> _supported = [];
    private readonly HashSet<LoaderFamily> _doubted = [];
    private readonly HashSet<LoaderFamily> _excluded = [];

    /// <summary>The evidence for and against each loader.</summary>
    public IReadOnlyList<Fact<string>> Evidence => _evidence.All;

    /// <summary>Why no loader was chosen, with the file and command of every possible one; null if one was chosen.</summary>
    public string? WhyNone { get; private set; }

    /// <summary>Returns the loader of the host; null if it is not certain.</summary>
    public BootLoader? Detect() => Owner() ?? Board() ?? Loader();

    private BootLoader? Owner()
    {
        if (DeclarativeLoader.Find(host) is { } declarative)
        {
            _evidence.Add(Fact.Known(declarative.Name, declarative.Sign));
            return declarative;
        }

        if (_evidence.AddIfExists("/run/ostree-booted", "an ostree system is running") || RunningHas("ostree")
            || (host.HasProgram("rpm-ostree") && _evidence.AddIfExists("/ostree/repo", "an ostree repository")))
        {
            return new RpmOstreeLoader();
        }

        if (host.TryText("/etc/kernel/proxmox-boot-uuids") is { } uuids && uuids.Trim().Length > 0)
        {
            _evidence.Add(Fact.Known(uuids.Trim().ReplaceLineEndings(", "), "/etc/kernel/proxmox-boot-uuids"));
            return new ProxmoxLoader(ProxmoxUsesGrub());
        }

        return null;
    }

    private bool ProxmoxUsesGrub()
    {
        if (RunningHas("BOOT_IMAGE"))
        {
            return true;
        }

        if (_trace.HasStubInitrd)
        {
            _evidence.AddDeciding(@"initrd=\ is present: indicates systemd-boot", CommandLine);
            return false;
        }

        if (!host.Exists(CommandLineFile.KernelInstall))
        {
            return true;
        }

        var legacy = host.Exists("/sys/firmware") && !host.Exists("/sys/firmware/efi");
        _evidence.Add(legacy ? Fact.Absent<string>("/sys/firmware/efi") : Fact.Known("systemd-boot's command line", CommandLineFile.KernelInstall));
        return legacy;
    }

    private RaspberryPiLoader? Board() =>
        _trace.BootImage is null && RaspberryPiLoader.Find(host) is { } path && _evidence.AddIfExists(path, "beside the firmware's config.txt") ? new RaspberryPiLoader(path) : null;

    private BootLoader? Loader()
    {
        _candidates = new LoaderCandidateFinder(host, _evidence).Find();
        Judge();
        if (Established() is { } family)
        {
            return _candidates.Find(c => c.Family == family)!.Loader;
        }

        WhyNone = Explanation();
        return null;
    }

    /// <summary>Evaluates the evidence of the running kernel.</summary>
    private void Judge()
    {
        JudgeCommandLine();
        JudgeLoaderInfo();
        JudgeSelectedEntry();
        JudgeFirmware();
        foreach (var candidate in _candidates)
        {
            Fact<string>[] lines = [.. new[] { candidate.Loader.Generated(host), candidate.Loader.Configured(host) }.OfType<Fact<string>>().Where(line => line.IsKnown)];
            if (lines is not [var made, ..] || !_trace.IsRunning(made.Value!))
            {
                continue;
            }

            // What was written since this boot did not start it, whatever it holds: somebody may have copied /proc/cmdline there.
            var earlier = lines.Where(line => _trace.IsRunning(line.Value!) && !IsLaterThanBoot(line.Source)).ToList();
            if (earlier is [var before, ..])
            {
                _supported.Add(candidate.Family);
                _evidence.AddDeciding($"is the running command line: indicates {candidate.Name}", before.Source);
            }
            else
            {
                _evidence.Add(Fact.Known("is the running command line, but was written after this boot: does not show which loader started it", made.Source));
            }
        }
    }

    private bool IsLaterThanBoot(string path) => _trace.BootedAt is { } booted && host.Modified(path) is { } modified && modified > booted;

    /// <summary>Evaluates the entry that the loader reports to have started.</summary>
    private void JudgeSelectedEntry() => AddUnlessAbsent(_trace.SelectedEntry, entry =>
    {
        if (entry.EndsWith(".efi", StringComparison.OrdinalIgnoreCase))
        {
            Exclude(family => family is LoaderFamily.Grub or LoaderFamily.Refind or LoaderFamily.Extlinux);
            return ($"{entry}: the kernel was started from a unified image", false);
        }

        // GRUB reads the same files: with its BOOT_IMAGE= or a LoaderInfo, those decide.
        var name = entry.EndsWith(".conf", StringComparison.OrdinalIgnoreCase) ? entry : $"{entry}.conf";
        if (LoaderEntries.Find(host).FirstOrDefault(path => string.Equals(Path.GetFileName(path), name, StringComparison.OrdinalIgnoreCase)) is not { } file)
        {
            return ($"{entry}: the entry that started this host", false);
        }

        if (_trace.LoaderInfo.IsKnown || _proven.Count > 0)
        {
            return ($"{entry}: this host was started from {file}", false);
        }

        _supported.Add(LoaderFamily.SystemdBoot);
        Exclude(family => family is LoaderFamily.Limine or LoaderFamily.Refind or LoaderFamily.Extlinux);
        return ($"{entry}: this host was started from {file}: indicates systemd-boot, not Limine, rEFInd or extlinux", true);
    });

    private void JudgeCommandLine()
    {
        if (!_trace.HasCommandLine)
        {
            return;
        }

        // Whoever copied /proc/cmdline into a loader's file took the word along: then it says nothing.
        var pasted = _candidates.Any(c => c.Family != LoaderFamily.Grub && c.Loader.Configured(host).Value?.Contains("BOOT_IMAGE=", StringComparison.Ordinal) == true);
        if (_trace.BootImage is { } image && !pasted)
        {
            var device = image.StartsWith('(');
            var path = device || image.Contains('/', StringComparison.Ordinal);
            _evidence.AddDeciding($"BOOT_IMAGE={image}: indicates {(device ? "GRUB" : path ? "GRUB or syslinux" : "syslinux")}, not another loader", CommandLine);
            if (path)
            {
                _proven.Add(LoaderFamily.Grub);
            }

            if (!device)
            {
                _proven.Add(LoaderFamily.Extlinux);
            }

            Exclude(family => !_proven.Contains(family));
        }
        else if (_trace.BootImage is null && _trace.FirstWord == "placeholder")
        {
            _evidence.AddDeciding("placeholder: indicates GRUB, which starts Xen", CommandLine);
            _supported.Add(LoaderFamily.Grub);
        }
        else if (_trace.BootImage is null && !_trace.IsXen && _candidates.Exists(c => c.Family == LoaderFamily.Grub))
        {
            _evidence.AddDeciding("no BOOT_IMAGE=: does not indicate GRUB", CommandLine);
            _doubted.Add(LoaderFamily.Grub);
            if (GrubCommands.MenuPath(host) is null)
            {
                _evidence.AddDeciding("does not exist: does not indicate GRUB", "/boot/grub/grub.cfg");
                _excluded.Add(LoaderFamily.Grub);
            }
        }

        if (_trace.HasStubInitrd && !_candidates.Any(c => c.Loader.Configured(host).Value?.Contains(@"initrd=\", StringComparison.Ordinal) == true))
        {
            _evidence.AddDeciding(@"initrd=\ is present: indicates systemd-boot or rEFInd, not GRUB, Limine or extlinux", CommandLine);
            _supported.Add(LoaderFamily.SystemdBoot);
            _supported.Add(LoaderFamily.Refind);
            Exclude(family => family is LoaderFamily.Grub or LoaderFamily.Limine or LoaderFamily.Extlinux);
        }
    }

    private void JudgeLoaderInfo()
    {
        AddUnlessAbsent(_trace.LoaderInfo, info =>
        {
            var family = BootTrace.FamilyOf(info);
            _proven.Add(family);
            Exclude(other => other != family);
            return ($"{info}: indicates {Name(family) ?? "that loader"}, not another loader", true);
        });
        AddUnlessAbsent(_trace.StubInfo, info =>
        {
            // A unified image holds its command line, whoever loads it; limine-entry-tool and kernel-install make such images.
            Exclude(family => family is LoaderFamily.Grub or LoaderFamily.Refind or LoaderFamily.Extlinux);
            return ($"{info}: the kernel was started from a unified image", false);
        });
    }

    private void JudgeFirmware() => AddUnlessAbsent(_trace.StartedFile, file =>
    {
        if (BootTrace.FamilyOfFile(file) is not { } family)
        {
            return (file, false);
        }

        // What the firmware started may have started another loader: this supports and doubts, and proves nothing.
        var started = family == LoaderFamily.UnifiedImage ? LoaderFamily.SystemdBoot : family;
        _supported.Add(started);
        foreach (var candidate in _candidates.Where(c => c.Family != started))
        {
            _doubted.Add(candidate.Family);
        }

        return ($"{file}: indicates {Name(family) ?? "the kernel's own EFI stub"}", true);
    });

    private void AddUnlessAbsent(Fact<string> fact, Func<string, (string Words, bool Decides)> judge)
    {
        if (!fact.IsKnown)
        {
            if (!fact.IsAbsent)
            {
                _evidence.Add(fact);
            }

            return;
        }

        var (words, decides) = judge(fact.Value!);
        if (decides)
        {
            _evidence.AddDeciding(words, fact.Source);
        }
        else
        {
            _evidence.Add(Fact.Known(words, fact.Source));
        }
    }

    private void Exclude(Func<LoaderFamily, bool> which)
    {
        foreach (var family in Enum.GetValues<LoaderFamily>().Where(which))
        {
            _excluded.Add(family);
        }
    }

    /// <summary>The family that the evidence shows; null if it does not decide, or is contradictory.</summary>
    private LoaderFamily? Established()
    {
        LoaderFamily[] left = [.. _candidates.Select(c => c.Family).Where(family => !_excluded.Contains(family))];
        if (_proven.Count > 0)
        {
            // A proven loader without files here, or two that exclude each other: nothing that could be edited is certain.
            LoaderFamily[] proven = [.. left.Where(_proven.Contains)];
            return proven.Length == 1 ? proven[0] : null;
        }

        LoaderFamily[] supported = [.. left.Where(family => _supported.Contains(family) && !_doubted.Contains(family))];
        if (supported.Length == 1)
        {
            return supported[0];
        }

        return left.Length == 1 && (_supported.Count == 0 || _supported.Contains(left[0]) || _supported.All(_excluded.Contains)) ? left[0] : null;
    }

    private string Explanation()
    {
        var shown = string.Join("; ", _evidence.Deciding.Select(e => $"{e.Source}: {e.Value}"));
        if (_candidates.Count == 0)
        {
            return shown.Length == 0
                ? "No boot loader was recognised (GRUB, systemd-boot, Limine, rEFInd, rpm-ostree, proxmox-boot-tool, kernelstub, Raspberry Pi, extlinux) - add the parameter by hand."
                : $"The files of the boot loader in use were not found ({shown}) - mount its partition, or add the parameter by hand{Hint()}.";
        }

        var candidates = string.Join(" or ", _candidates.Select(c => c.Describe(host)));
        return $"It is not certain which boot loader is in use: {candidates}{(shown.Length == 0 ? "" : $" ({shown})")} - edit the file of the one that starts this host by hand, or remove the other{Hint()}.";
    }

    /// <summary>Returns how to configure a loader that the kernel names but whose files were not found.</summary>
    private string Hint()
    {
        if (_trace.StartedFile is { IsKnown: true } started && BootTrace.FamilyOfFile(started.Value!) == LoaderFamily.Other)
        {
            return "; the firmware starts the kernel itself, with the command line of its boot entry (efibootmgr --verbose)";
        }

        LoaderFamily[] named = [.. _proven.Where(family => !_candidates.Exists(c => c.Family == family))];
        return named switch
        {
            [LoaderFamily.Limine] => "; Limine reads cmdline in limine.conf, which limine-update writes from KERNEL_CMDLINE[default] in /etc/default/limine if that file exists",
            [LoaderFamily.Refind] => "; rEFInd reads refind_linux.conf beside the kernel, and the options of refind.conf's stanzas",
            [LoaderFamily.SystemdBoot] => "; systemd-boot reads options in loader/entries/*.conf of the EFI system partition",
            [LoaderFamily.Grub] => "; GRUB's menu is generated from /etc/default/grub by update-grub or grub-mkconfig",
            _ => "",
        };
    }

    private static string? Name(LoaderFamily family) => family switch
    {
        LoaderFamily.Grub => "GRUB",
        LoaderFamily.SystemdBoot => "systemd-boot",
        LoaderFamily.UnifiedImage => "a unified kernel image",
        LoaderFamily.Limine => "Limine",
        LoaderFamily.Refind => "rEFInd",
        LoaderFamily.Extlinux => "syslinux",
        _ => null,
    };

    private bool RunningHas(string name)
    {
        if (_trace.Word(name) is not { } value)
        {
            return false;
        }

        _evidence.Add(Fact.Known($"{name}={value}", CommandLine));
        return true;
    }
}
