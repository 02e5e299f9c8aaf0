using System.Collections.Immutable;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Joins what an error says with what the host is.</summary>
internal static class ErrorExplainer
{
    private const string ErrorSource = "error";
    private const int LastWords = 3;

    public static Explanation Explain(HostSnapshot snapshot, PassthroughError error, ExplainOptions options)
    {
        var lines = ErrorLines.Of(error.Text);
        var log = DomainLogText.LastStart(options.DomainLog);
        var logSource = options.DomainLogSource ?? "the domain's log";
        var match = Decisive(error, ErrorMatcher.First(lines, ErrorSource, error.Errno));
        if (match is { Pattern.Role: not ErrorRole.Cause } || (match is null && ErrorCodes.IsContainer(error.Code)))
        {
            match = Better(match, ErrorMatcher.First(log, logSource));
        }

        var causes = match?.Pattern.Causes ?? [];
        if (causes.IsEmpty)
        {
            causes = ErrorCodes.CausesOf(error);
        }

        if (causes.IsEmpty)
        {
            return new Explanation { Message = lines.Length > 0 ? ErrorLines.Peel(lines[0]) : null, Devices = options.Devices };
        }

        var message = match?.Message ?? (lines.Length > 0 ? ErrorLines.Peel(lines[^1]) : $"libvirt's error {(int)error.Code!.Value}");
        var evidence = ImmutableArray.Create(new Evidence(match?.Source ?? ErrorSource, message));
        ImmutableArray<ProposedCause> unspoken = [];
        if (match is { Pattern.Role: ErrorRole.Container } && match.Source == ErrorSource)
        {
            var words = log.Where(line => !line.Contains(": shutting down", StringComparison.Ordinal) && ErrorLines.Peel(line).Length > 0).TakeLast(LastWords).Select(line => new Evidence(logSource, ErrorLines.Peel(line)));
            evidence = [.. evidence, .. words];
            if (options.DomainLog is null)
            {
                // Nobody heard the emulator: what would have stopped it may stand in the host's facts.
                unspoken = [.. Patterns.CauseSets.IommuRefuses, new(FindingIds.GroupNotViable)];
            }
        }

        var subjects = ErrorSubjects.In(match is null || match.Source == ErrorSource ? lines : [.. lines, .. log]);
        var domain = match?["domain"] ?? match?["vm"];
        var context = Context(snapshot, options, subjects, match);
        var filler = new TitleFiller(match, context.Addresses.Select(address => (PciAddress?)address).FirstOrDefault(), GroupOf(context, subjects), domain);
        var judge = new CauseJudge(context, new CauseFinding(filler, evidence, message) { Holders = GroupHolders(context) }, subjects.Groups)
        {
            Stated = DomainLimits.Check(options.DomainXml, causes),
            Since = DomainLogText.TimeOfLastStart(options.DomainLog),
        };
        return new Explanation { Findings = judge.Judge(causes, unspoken), Message = message, Devices = context.Addresses };
    }

    /// <summary>The devices that an error is about, by what it, its log and the domain's XML name.</summary>
    public static ImmutableArray<PciAddress> DevicesOf(HostSnapshot snapshot, PassthroughError error, ExplainOptions options) =>
        Context(snapshot, options, ErrorSubjects.In([.. ErrorLines.Of(error.Text), .. DomainLogText.LastStart(options.DomainLog)]), null).Addresses;

    /// <summary>Whether an error is of Xen's library.</summary>
    public static bool IsOfXen(PassthroughError error) =>
        ErrorMatcher.First(ErrorLines.Of(error.Text), ErrorSource) is { Pattern.IsXen: true } || error.Domain is LibvirtErrorDomain.Libxl or LibvirtErrorDomain.Xen;

    private static PatternMatch? Decisive(PassthroughError error, PatternMatch? match)
    {
        if (!ErrorCodes.IsDecisive(error.Code))
        {
            return match;
        }

        var said = ErrorCodes.CausesOf(error);
        return match?.Pattern.Causes.Any(cause => cause.Id == said[0].Id) == true ? match : null;
    }

    /// <summary>A log that names the cause goes before an error that names none; a remark in the error before one in the log.</summary>
    private static PatternMatch? Better(PatternMatch? inError, PatternMatch? inLog) => inLog switch
    {
        null => inError,
        { Pattern.Role: ErrorRole.Cause } => inLog,
        { Pattern.Role: ErrorRole.Hint } when inError?.Pattern.Role != ErrorRole.Hint => inLog,
        _ => inError ?? inLog,
    };

    private static ReadinessContext Context(HostSnapshot snapshot, ExplainOptions options, ErrorSubjects subjects, PatternMatch? match)
    {
        var xml = options.DomainXml is null ? null : DomainDocument.Parse(options.DomainXml);
        var devices = ErrorDevices.Of(snapshot, options.Devices, subjects, match?["guest"], xml is null ? [] : [.. xml.PciAddresses]);
        var guest = options.Guest ?? (options.DomainXml is not null ? DomainXml.GuestKindOf(options.DomainXml) : GuestOf(snapshot, match));
        return new ReadinessContext(snapshot, guest) { Addresses = devices, Libvirt = options.Libvirt };
    }

    // QEMU and VFIO can be asked for in a dom0 too, where they find no IOMMU; anything else is what the host is made for.
    private static GuestKind GuestOf(HostSnapshot snapshot, PatternMatch? match)
    {
        var fitting = snapshot.FittingGuest();
        return match is null ? fitting
            : match.Pattern.IsXen ? (fitting == GuestKind.Qemu ? GuestKind.XenPv : fitting)
            : match.Pattern.Causes.Any(cause => cause.Id == FindingIds.IommuInactive) ? GuestKind.Qemu
            : fitting;
    }

    private static ImmutableArray<Evidence> GroupHolders(ReadinessContext context) =>
    [
        .. context.Devices
            .Select(device => context.System.Usage[device.Address].OpenHandles)
            .SelectMany(handles => handles.IsKnown ? handles.Value : [])
            .Where(handle => handle.Path.StartsWith("/dev/vfio/", StringComparison.Ordinal))
            .Distinct()
            .Select(handle => new Evidence($"/proc/{handle.ProcessId}/fd", handle.ToString())),
    ];

    private static int? GroupOf(ReadinessContext context, ErrorSubjects subjects) =>
        subjects.Groups.IsEmpty ? context.Devices.Select(device => device.IommuGroup).FirstOrDefault() : subjects.Groups[0];
}
