using Passthrough.Sdk.Explain.Patterns;
using Passthrough.Sdk.Explain.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Searches the kernel's log for causes that a text suggests.</summary>
internal static class KernelLogEvidence
{
    private const int MostLines = 4000;

    // The kernel reports its start in seconds, and the clock of its log differs slightly from the host's.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(2);

    /// <summary>Returns the last line of the kernel's log that names one of the causes, or the end of the emulator, for one of
    /// the devices or for none; null if there is none.</summary>
    /// <param name="causes">The causes.</param>
    /// <param name="context">The host and the affected devices.</param>
    /// <param name="since">
    /// The time at which the emulator was started; earlier lines concern another emulator. Null if this is not known.
    /// </param>
    /// <param name="mdev">The mediated device that the text names: lines about another one are ignored. Null for none.</param>
    /// <remarks>
    /// A log is incomplete and does not show whether its content still applies, so it is searched after the facts. If the start of this
    /// emulator is not known, a line about the end of an emulator may concern another one: the finding is then undetermined.
    /// </remarks>
    public static Finding? For(ValueList<ProposedCause> causes, ReadinessContext context, DateTimeOffset? since, string? mdev = null)
    {
        if (context.System.Kernel.Log.Value is not { } log)
        {
            return null;
        }

        var patterns = KernelPatterns.Where(pattern => pattern.Causes is [{ IsCertain: true } said] && causes.Any(cause => IsBehind(said, cause))).ToList();
        if (patterns.Count == 0)
        {
            return null;
        }

        for (var i = log.Lines.Count - 1; i >= Math.Max(0, log.Lines.Count - MostLines); i--)
        {
            var key = MessageKey.Of(CleanText.Of(log.Lines[i]));
            foreach (var pattern in patterns)
            {
                var said = pattern.Causes[0];
                if (!(IsOfAnEmulator(said) && IsBefore(since, context, log, i))
                    && pattern.Template.Match(key, out _) is { } captures && IsOf(context, log.Lines[i])
                    && (mdev is null || !captures.TryGetValue("mdev", out var other) || other == mdev))
                {
                    var match = new PatternMatch(pattern, log.Lines[i], captures, context.System.Kernel.Log.Source);
                    var device = ErrorSubjects.In([log.Lines[i]]).Devices;
                    var filler = new TitleFiller(match, device.IsEmpty ? context.Addresses.Select(a => (PciAddress?)a).FirstOrDefault() : device[0], null, null);
                    var finding = new CauseFinding(filler, [new Evidence(match.Source, log.Lines[i])], log.Lines[i]) { Devices = device.IsEmpty ? context.Addresses : [.. device] };
                    return since is null && IsOfSomeEmulator(said, causes) ? finding.Undecided(said, isAlone: false) : finding.Certain(said);
                }
            }
        }

        return null;
    }

    private static readonly ValueList<ErrorPattern> KernelPatterns = [.. KernelIommuPatterns.All, .. KernelDevicePatterns.All, .. XenPatterns.OfTheKernel];

    // An emulator that does not get the memory that it needs ends or is killed.
    private static bool IsBehind(ProposedCause said, ProposedCause cause) =>
        said.Id == cause.Id || (said.Id == FindingIds.MemoryLockLimit && cause.Id == FindingIds.DomainEmulatorDied);

    private static bool IsOfAnEmulator(ProposedCause said) => said.Id is FindingIds.DomainEmulatorDied or FindingIds.MemoryLockLimit;

    // A limit that the text itself names is that of this emulator, whatever else reached it.
    private static bool IsOfSomeEmulator(ProposedCause said, ValueList<ProposedCause> causes) =>
        said.Id == FindingIds.DomainEmulatorDied || (IsOfAnEmulator(said) && causes.All(cause => cause.Id != said.Id));

    private static bool IsBefore(DateTimeOffset? since, ReadinessContext context, KernelLog log, int line) =>
        since is { } start && context.System.Kernel.StartedAt is { IsKnown: true } booted && log.TimeOf(line) is { } time && booted.Value + time < start - ClockSlack;

    private static bool IsOf(ReadinessContext context, string line)
    {
        var named = ErrorSubjects.In([line]).Devices;
        return named.IsEmpty || context.Addresses.IsEmpty || named.Any(context.Addresses.Contains);
    }
}
