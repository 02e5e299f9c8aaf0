using System.Collections.Frozen;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Loaders;
using Passthrough.Sdk.Boot.Modules;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Boot;

/// <summary>The boot configuration of a host: its boot loader, the running kernel command line, and the configured one.</summary>
/// <remarks>Facts only: nothing is executed, and nothing is written. Thread safety: immutable.</remarks>
public sealed class BootConfiguration
{
    private const string CommandLine = "/proc/cmdline";

    private static readonly FrozenSet<string> LoaderWords =
        FrozenSet.ToFrozenSet(["BOOT_IMAGE", "initrd", "root", "ro", "rw", "rootflags"], StringComparer.Ordinal);

    private readonly BootFiles _files;
    private readonly BootLoader? _loader;
    private readonly string? _whyNone;

    private BootConfiguration(BootFiles files)
    {
        _files = files;
        var detector = new BootLoaderDetector(files);
        _loader = detector.Detect();
        _whyNone = detector.WhyNone;
        Evidence = [.. detector.Evidence];
        Running = files.TryText(CommandLine) is { } running ? Fact.Known(running.Trim(), CommandLine)
            : files.Exists(CommandLine) ? Fact.Unknown<string>(CommandLine, files.WhyNot(CommandLine) ?? "not readable")
            : Fact.Absent<string>(CommandLine);
        Configured = _loader?.Configured(files) ?? Fact.Unknown<string>("", _whyNone ?? "no boot loader was recognised");
    }

    /// <summary>Gets the boot loader or tool that holds the configured command line; <see cref="BootLoaderKind.Unknown"/> if this is not certain.</summary>
    public BootLoaderKind Loader => _loader?.Kind ?? BootLoaderKind.Unknown;

    /// <summary>
    /// Gets the evidence for and against each loader, with its source: first the evidence from the running kernel (its command line,
    /// the loader's EFI variables, the firmware's boot entry), then files. Evidence is unknown if its source could not be read.
    /// </summary>
    public ValueList<Fact<string>> Evidence { get; }

    /// <summary>Gets the command line of the running kernel (/proc/cmdline); absent if the root is not that of a running system.</summary>
    public Fact<string> Running { get; }

    /// <summary>
    /// Gets the command line that is configured for the next boot, without the parameters that the loader itself adds (<c>root=</c>,
    /// <c>BOOT_IMAGE=</c> with GRUB). Unknown if a file computes it; the reason names the line.
    /// </summary>
    public Fact<string> Configured { get; }

    /// <summary>
    /// Gets the configured parameters in order, then every other parameter of the running kernel, each with its state and, if known,
    /// its origin. The latter include those that a loader itself adds (<c>BOOT_IMAGE=</c>, GRUB's <c>root=</c>); their state is
    /// unknown if nothing shows whether the next boot will have them too.
    /// </summary>
    public ValueList<BootParameterStatus> Parameters
    {
        get
        {
            var places = Configured.IsKnown && _loader is not null ? _loader.Places(_files).ToArray() : [];
            var configured = CommandLineText.Split(Configured.Value ?? "").Select(t => t.Parameter).ToArray();
            return
            [
                .. configured.Select((parameter, i) => new BootParameterStatus(parameter, StateOf(parameter))
                {
                    Origin = (i < places.Length && places[i].Parameter == parameter ? places[i] : places.LastOrDefault(p => p.Parameter == parameter))?.ToString(),
                }),
                .. CommandLineText.Split(Running.Value ?? "").Select(t => t.Parameter).Where(parameter => !configured.Contains(parameter)
                    && StateOf(parameter) is not BootParameterState.RunningAndConfigured).Distinct().Select(RunningOnly),
            ];
        }
    }

    /// <summary>Finds out what boots a host.</summary>
    internal static BootConfiguration Of(BootFiles files) => new(files);

    /// <summary>Returns whether a parameter is in effect in the running kernel, and whether it will be after the next boot.</summary>
    /// <param name="parameter">The parameter; it may be one word of a list (<c>intel_iommu=on</c> in <c>intel_iommu=on,sm_on</c>).</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    public BootParameterState StateOf(BootParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Running.IsKnown || !Configured.IsKnown)
        {
            return BootParameterState.Unknown;
        }

        return (IsIn(Running.Value!, parameter), IsIn(Configured.Value!, parameter)) switch
        {
            (true, true) => BootParameterState.RunningAndConfigured,
            (true, false) => BootParameterState.RunningOnly,
            (false, true) => BootParameterState.ConfiguredOnly,
            _ => BootParameterState.Neither,
        };
    }

    /// <summary>Computes the effect of a change on this host. Nothing is written.</summary>
    /// <exception cref="BootUncertainException">A line of a file prevents the change.</exception>
    /// <exception cref="BootException">The effect of the change would not be certain; the message says why.</exception>
    internal BootDraft Draft(BootChange change)
    {
        var builder = new BootDraftBuilder(_files);
        builder.Reasons.AddRange(change.Reasons);
        change = ModulePlanner.Plan(builder, change, Loader);
        var forgives = change.AllowModules.Count > 0 && _loader is not null && Configured.IsKnown
            && !CommandLineEdit.Compute([Configured.Value!], change with { Add = [], Remove = [] }).IsEmpty;
        if (change.Add.Count > 0 || change.Remove.Count > 0 || forgives)
        {
            (_loader ?? throw Nobody()).Plan(builder, change);
        }

        return builder.Build();
    }

    /// <summary>A parameter that runs and is not configured: the loader's own, or one that the next boot does not have.</summary>
    private BootParameterStatus RunningOnly(BootParameter parameter)
    {
        var state = StateOf(parameter);
        if (_loader?.AddsItself(_files, parameter) is { } origin)
        {
            return new BootParameterStatus(parameter, BootParameterState.RunningAndConfigured) { Origin = origin };
        }

        return new BootParameterStatus(parameter, state == BootParameterState.RunningOnly && LoaderWords.Contains(parameter.Name) ? BootParameterState.Unknown : state);
    }

    internal static BootStatus StatusOf(ISysfs sysfs) => BootStatusReader.Read(BootFiles.View(sysfs));

    private static bool IsIn(string line, BootParameter parameter) =>
        CommandLineEdit.Compute([line], new BootChange { Add = [parameter] }).IsEmpty;

    private BootException Nobody() => new(_whyNone ?? "No boot loader was recognised - add the parameter by hand.");
}
