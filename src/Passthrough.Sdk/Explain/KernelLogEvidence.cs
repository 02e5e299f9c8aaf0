using System.Collections.Immutable;
using Passthrough.Sdk.Explain.Patterns;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>What the kernel's own log says of causes that a text proposes.</summary>
internal static class KernelLogEvidence
{
    private const int MostLines = 4000;

    /// <summary>The last line of the kernel's log that names one of the causes, for one of the devices or for none; null where there is none.</summary>
    /// <remarks>A log forgets and does not say whether what it tells is still so: it is asked after the facts.</remarks>
    public static Finding? For(ImmutableArray<ProposedCause> causes, ReadinessContext context)
    {
        if (context.System.Kernel.Log.Value is not { } log)
        {
            return null;
        }

        for (var i = log.Lines.Length - 1; i >= Math.Max(0, log.Lines.Length - MostLines); i--)
        {
            foreach (var pattern in KernelPatterns)
            {
                if (pattern.Causes is [{ IsCertain: true } said] && causes.Any(cause => cause.Id == said.Id)
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

    private static bool IsOf(ReadinessContext context, string line)
    {
        var named = ErrorSubjects.In([line]).Devices;
        return named.IsEmpty || context.Addresses.IsEmpty || named.Any(context.Addresses.Contains);
    }
}
