using System.Collections.Frozen;
using System.Collections.Immutable;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Loaders;
using Passthrough.Sdk.Boot.Modules;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Boot;

/// <summary>What boots a host, the kernel's command line that runs and the one that is configured, and how to change it.</summary>
/// <remarks>
/// <para>Facts only: nothing is executed, and nothing is written before <see cref="BootPlan.Apply"/>.</para>
/// <para>Thread safety: immutable; a file that changes later is noticed when a plan is applied.</para>
/// </remarks>
public sealed class BootConfiguration
{
    private const string CommandLine = "/proc/cmdline";

    private static readonly FrozenSet<string> LoaderWords =
        FrozenSet.ToFrozenSet(["BOOT_IMAGE", "initrd", "root", "ro", "rw", "rootflags", "rootfstype", "ostree"], StringComparer.Ordinal);

    private readonly BootFiles _files;
    private readonly BootLoader? _loader;

    private BootConfiguration(BootFiles files)
    {
        _files = files;
        var detector = new BootLoaderDetector(files);
        _loader = detector.Detect();
        Evidence = [.. detector.Evidence];
        Running = files.TryText(CommandLine) is { } running ? Fact.Known(running.Trim(), CommandLine)
            : files.Exists(CommandLine) ? Fact.Unknown<string>(CommandLine, files.WhyNot(CommandLine) ?? "not readable")
            : Fact.Absent<string>(CommandLine);
        Configured = _loader?.Configured(files) ?? Fact.Unknown<string>("", "no boot loader was recognised");
    }

    /// <summary>The directory that stands for <c>/</c>.</summary>
    public string Root => _files.Root;

    /// <summary>What holds the configured command line; <see cref="BootLoaderKind.Unknown"/> when that is not certain.</summary>
    public BootLoaderKind Loader => _loader?.Kind ?? BootLoaderKind.Unknown;

    /// <summary>What speaks for <see cref="Loader"/>: files that are there, and what the running kernel was started with.</summary>
    public ImmutableArray<Fact<string>> Evidence { get; }

    /// <summary>The command line of the running kernel (/proc/cmdline); absent under a root that is not a running system's.</summary>
    public Fact<string> Running { get; }

    /// <summary>
    /// The command line that is configured for the next boot, without what the loader adds itself (<c>root=</c>,
    /// <c>BOOT_IMAGE=</c> with GRUB). Unknown, with the line that stands in the way, where a file computes it.
    /// </summary>
    public Fact<string> Configured { get; }

    /// <summary>
    /// The configured parameters, in order, then those that only the running kernel has, each with its state. What a
    /// loader adds by itself (<c>root=</c>, <c>BOOT_IMAGE=</c>) is not named as running only.
    /// </summary>
    public ImmutableArray<BootParameterStatus> Parameters =>
    [
        .. CommandLineText.Split(Configured.Value ?? "").Select(t => new BootParameterStatus(t.Parameter, StateOf(t.Parameter))),
        .. CommandLineText.Split(Running.Value ?? "").Where(t => !LoaderWords.Contains(t.Parameter.Name))
            .Select(t => new BootParameterStatus(t.Parameter, StateOf(t.Parameter))).Where(s => s.State == BootParameterState.RunningOnly),
    ];

    /// <summary>Finds out what boots a host.</summary>
    /// <param name="root">The directory that stands for <c>/</c>; <c>/</c> is this machine.</param>
    /// <exception cref="BootException">There is no such directory.</exception>
    public static BootConfiguration Detect(string root = "/") => new(BootFiles.Open(root));

    /// <summary>Undoes the latest change that was applied under a root and is not undone yet, byte for byte.</summary>
    /// <param name="root">The directory that stands for <c>/</c>.</param>
    /// <returns>What was undone; null when there was nothing to undo. Commands for another root are in <see cref="BootReceipt.CommandsLeft"/>.</returns>
    /// <exception cref="BootConflictException">Somebody changed a file since. Nothing was written.</exception>
    /// <exception cref="BootFileException">A file could not be written; revert can be called again.</exception>
    /// <exception cref="BootCommandException">The files are restored, and a command failed.</exception>
    public static BootReceipt? Revert(string root = "/") => new BootJournal(BootFiles.Open(root)).Revert();

    /// <summary>Whether a parameter is in force in the running kernel, and whether it will be after the next boot.</summary>
    /// <param name="parameter">The parameter; a word of a list counts (<c>intel_iommu=on</c> in <c>intel_iommu=on,sm_on</c>).</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    public BootParameterState StateOf(BootParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Running.IsKnown || !Configured.IsKnown)
            return BootParameterState.Unknown;
        return (IsIn(Running.Value!, parameter), IsIn(Configured.Value!, parameter)) switch
        {
            (true, true) => BootParameterState.RunningAndConfigured,
            (true, false) => BootParameterState.RunningOnly,
            (false, true) => BootParameterState.ConfiguredOnly,
            _ => BootParameterState.Neither,
        };
    }

    /// <summary>Works out what a change comes to on this host. Nothing is written.</summary>
    /// <param name="change">The change.</param>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    /// <exception cref="BootUncertainException">A line of a file stands in the way.</exception>
    /// <exception cref="BootException">It cannot be done with certainty; the message says why.</exception>
    public BootPlan Plan(BootChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var builder = new BootPlanBuilder(_files);
        builder.Reasons.AddRange(change.Reasons);
        change = ModulePlanner.Plan(builder, change, Loader);
        bool forgives = change.AllowModules.Length > 0 && _loader is not null && Configured.IsKnown
            && !CommandLineEdit.Compute([Configured.Value!], change with { Add = [], Remove = [] }).IsEmpty;
        if (change.Add.Length > 0 || change.Remove.Length > 0 || forgives)
            (_loader ?? throw Nobody()).Plan(builder, change);
        return new BootPlan(_files, builder);
    }

    internal static BootStatus StatusOf(ISysfs sysfs) => BootStatusReader.Read(BootFiles.View(sysfs));

    private static bool IsIn(string line, BootParameter parameter) =>
        CommandLineEdit.Compute([line], new BootChange { Add = [parameter] }).IsEmpty;

    private BootException Nobody() => new(Evidence.IsEmpty
        ? "No boot loader was recognised (GRUB, systemd-boot, rpm-ostree, proxmox-boot-tool, kernelstub, Raspberry Pi, extlinux) - add the parameter by hand."
        : $"It is not certain which boot loader is in charge ({string.Join("; ", Evidence)}) - remove the one that is not used, or edit by hand.");
}
