using System.Collections.Immutable;
using Passthrough.Sdk.Explain.Patterns;
using Passthrough.Sdk.Host.Kernel;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>What the kernel's own log says of causes that a text proposes.</summary>
internal static class KernelLogEvidence
{
    private const int MostLines = 4000;

    // The kernel tells its start to the second, and its log's clock is not quite the host's.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(2);

    /// <summary>The last line of the kernel's log that names one of the causes, or what ended the emulator, for one of the devices or for none; null where there is none.</summary>
    /// <param name="causes">The causes.</param>
    /// <param name="context">The host and the devices in question.</param>
    /// <param name="since">When the emulator was started: what happened to one before is another's end. Null: not known.</param>
    /// <remarks>A log forgets and does not say whether what it tells is still so: it is asked after the facts.</remarks>
    public static Finding? For(ImmutableArray<ProposedCause> causes, ReadinessContext context, DateTimeOffset? since)
    {
        if (context.System.Kernel.Log.Value is not { } log)
        {
            return null;
        }

        for (var i = log.Lines.Length - 1; i >= Math.Max(0, log.Lines.Length - MostLines); i--)
        {
            foreach (var pattern in KernelPatterns)
            {
                if (pattern.Causes is [{ IsCertain: true } said] && causes.Any(cause => IsBehind(said, cause)) && !(IsOfAnEmulator(said) && IsBefore(since, context, log, i))
                    && pattern.Template.Match(log.Lines[i], out _) is { } captures && IsOf(context, log.Lines[i]))
                {
                    var match = new PatternMatch(pattern, log.Lines[i], captures, context.System.Kernel.Log.Source);
                    var device = ErrorSubjects.In([log.Lines[i]]).Devices;
                    var filler = new TitleFiller(match, device.IsEmpty ? context.Addresses.Select(a => (PciAddress?)a).FirstOrDefault() : device[0], null, null);
                    return new CauseFinding(filler, [new Evidence(match.Source, log.Lines[i])], log.Lines[i]).Certain(said);
                }
            }
        }

        return null;
    }

    private static readonly ImmutableArray<ErrorPattern> KernelPatterns = [.. KernelIommuPatterns.All, .. KernelDevicePatterns.All];

    // An emulator that may not have the memory that it needs ends, or is ended.
    private static bool IsBehind(ProposedCause said, ProposedCause cause) =>
        said.Id == cause.Id || (said.Id == FindingIds.MemoryLockLimit && cause.Id == FindingIds.DomainEmulatorDied);

    private static bool IsOfAnEmulator(ProposedCause said) => said.Id is FindingIds.DomainEmulatorDied or FindingIds.MemoryLockLimit;

    private static bool IsBefore(DateTimeOffset? since, ReadinessContext context, KernelLog log, int line) =>
        since is { } start && context.System.Kernel.StartedAt is { IsKnown: true } booted && log.TimeOf(line) is { } time && booted.Value + time < start - ClockSlack;

    private static bool IsOf(ReadinessContext context, string line)
    {
        var named = ErrorSubjects.In([line]).Devices;
        return named.IsEmpty || context.Addresses.IsEmpty || named.Any(context.Addresses.Contains);
    }
}
