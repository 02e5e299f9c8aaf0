using Passthrough.Sdk.Explain.Translations;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Combines an error with the facts of the host.</summary>
internal static class ErrorExplainer
{
    private const string ErrorSource = "error";
    private const int LastWords = 3;

    /// <summary>Explains an error.</summary>
    /// <param name="snapshot">The host.</param>
    /// <param name="error">The error.</param>
    /// <param name="options">The options, which hold what else is known about the error.</param>
    /// <param name="translation">The text in English, if it has already been translated; null to translate it with the
    /// catalogues in the options.</param>
    public static Explanation Explain(HostSnapshot snapshot, PassthroughError error, ExplainOptions options, TranslatedText? translation = null)
    {
        translation ??= NeedsTranslation(error) ? MessageTranslator.Translate(ErrorLines.Of(error.Text), options.Catalogs) : null;
        var lines = translation?.Lines ?? ErrorLines.Of(error.Text);
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
            return new Explanation { Message = lines.Count > 0 ? ErrorLines.Peel(lines[0]) : null, Devices = options.Devices };
        }

        var message = match?.Message ?? (lines.Count > 0 ? ErrorLines.Peel(lines[^1]) : $"libvirt's error {(int)error.Code!.Value}");
        ValueList<Evidence> evidence = match?.Source is null or ErrorSource && translation?.LineOf(message) is >= 0 and var line
            ? [new Evidence(ErrorSource, ErrorLines.Peel(translation.Originals[line])), .. translation.Sources[line].Select(source => new Evidence(source, message))]
            : [new Evidence(match?.Source ?? ErrorSource, message)];
        ValueList<ProposedCause> unspoken = [];
        if (match is { Pattern.Role: ErrorRole.Container } && match.Source == ErrorSource)
        {
            var words = log.Where(line => !line.Contains(": shutting down", StringComparison.Ordinal) && ErrorLines.Peel(line).Length > 0).TakeLast(LastWords).Select(line => new Evidence(logSource, ErrorLines.Peel(line)));
            evidence = [.. evidence, .. words];
            if (options.DomainLog is null)
            {
                // The emulator's message is not known: the host's facts may show what stopped it.
                unspoken = [.. Patterns.CauseSets.IommuRefuses, new(FindingIds.GroupNotViable)];
            }
        }

        var subjects = ErrorSubjects.In(match is null || match.Source == ErrorSource ? lines : [.. lines, .. log]);
        var domain = match?["domain"] ?? match?["vm"];
        var context = Context(snapshot, options, subjects, match);
        if (match is { Pattern.IsOfTables: true } && context.HasGroups == true)
        {
            return new Explanation { Findings = [FalseAlarm(context, evidence)], Message = message, Devices = context.Addresses };
        }

        var first = context.Addresses.Select(address => (PciAddress?)address).FirstOrDefault();
        var filler = new TitleFiller(match, first, GroupOf(context, subjects), domain)
        {
            Found = first is { } address && snapshot.Devices.TryGet(address, out var found) ? found : null,
        };
        if (causes.Any(cause => cause.Id == FindingIds.GroupNotViable))
        {
            // For a group that the host still uses, doctor finds a cause that the message cannot name.
            unspoken = [.. unspoken, .. ErrorPattern.Perhaps(FindingIds.DeviceBehindVmd, FindingIds.VfioOptionsMalformed, FindingIds.VfioIdsTooLate)];
        }

        if (causes.Any(cause => cause.Id == FindingIds.DomainEmulatorDied))
        {
            // A device that reads as all ones can end an emulator in any way.
            unspoken = [.. unspoken, new(FindingIds.DeviceUnresponsive)];
        }

        var judge = new CauseJudge(context, new CauseFinding(filler, evidence, message) { Holders = GroupHolders(context), Devices = context.Addresses }, subjects.Groups)
        {
            Match = match,
            Subjects = subjects,
            Stated = DomainLimits.Check(options.DomainXml, causes),
            Since = DomainLogText.TimeOfLastStart(options.DomainLog),
        };
        return new Explanation { Findings = judge.Judge(causes, unspoken), Message = message, Devices = context.Addresses };
    }

    /// <summary>Returns whether a text has a line that is not recognised and none that names a cause: it may be in another
    /// language.</summary>
    public static bool NeedsTranslation(PassthroughError error)
    {
        var lines = ErrorLines.Of(error.Text);
        return ErrorMatcher.First(lines, ErrorSource, error.Errno) is not { Pattern.Role: ErrorRole.Cause }
            && lines.Any(line => line.AsSpan().ContainsAnyExceptInRange(' ', '@') && !ErrorMatcher.Knows(line));
    }

    /// <summary>Returns the devices that an error concerns, from the error, its log and the domain's XML.</summary>
    public static ValueList<PciAddress> DevicesOf(HostSnapshot snapshot, PassthroughError error, ExplainOptions options) =>
        Context(snapshot, options, ErrorSubjects.In([.. ErrorLines.Of(error.Text), .. DomainLogText.LastStart(options.DomainLog)]), ErrorMatcher.First(ErrorLines.Of(error.Text), ErrorSource)).Addresses;

    /// <summary>Returns whether an error comes from Xen's library.</summary>
    public static bool IsOfXen(PassthroughError error) =>
        ErrorMatcher.First(ErrorLines.Of(error.Text), ErrorSource) is { Pattern.IsXen: true } || error.Domain is LibvirtErrorDomain.Libxl or LibvirtErrorDomain.Xen;

    /// <summary>Handles a program that checks only the firmware's tables: it is wrong if the kernel has IOMMU groups, because a
    /// container hides the tables.</summary>
    private static Finding FalseAlarm(ReadinessContext context, ValueList<Evidence> evidence) => new()
    {
        Id = FindingIds.IommuFirmwareTableHidden,
        Severity = FindingSeverity.Info,
        Title = "false alarm: the kernel has IOMMU groups, so the IOMMU works; the firmware's tables are not visible to the program",
        Remedy = "nothing has to be changed; in a container, run the check on the host, or make /sys/firmware visible to it",
        Evidence =
        [
            .. context.System.Iommu.GroupCount is { IsKnown: true } count ? [new Evidence(count.Source, count.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))] : (Evidence[])[],
            .. evidence,
        ],
    };

    private static PatternMatch? Decisive(PassthroughError error, PatternMatch? match)
    {
        if (!ErrorCodes.IsDecisive(error.Code))
        {
            return match;
        }

        var said = ErrorCodes.CausesOf(error);
        return match?.Pattern.Causes.Any(cause => cause.Id == said[0].Id) == true ? match : null;
    }

    /// <summary>Chooses the text: a log that names the cause comes before an error that names none; a note in the error before
    /// one in the log.</summary>
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
        if (match?.Pattern.Causes.Any(cause => cause.Id == FindingIds.SriovFunctionsOutOfReach) == true)
        {
            devices = [.. devices.Concat(ErrorDevices.FirstOfTheirBuses(snapshot, devices)).Distinct()];
        }

        var guest = options.Guest ?? (options.DomainXml is not null ? DomainXml.GuestKindOf(options.DomainXml) : GuestOf(snapshot, match));
        return new ReadinessContext(snapshot, guest) { Addresses = devices, Libvirt = options.Libvirt };
    }

    // QEMU and VFIO may be requested in a dom0 too, where they find no IOMMU; otherwise the kind of guest that fits the host counts.
    private static GuestKind GuestOf(HostSnapshot snapshot, PatternMatch? match)
    {
        var fitting = snapshot.FittingGuest();
        return match is null ? fitting
            : match.Pattern.IsXen ? (fitting == GuestKind.Qemu ? GuestKind.XenPv : fitting)
            : match.Pattern.Causes.Any(cause => cause.Id == FindingIds.IommuInactive) ? GuestKind.Qemu
            : fitting;
    }

    private static ValueList<Evidence> GroupHolders(ReadinessContext context) =>
    [
        .. context.Devices
            .Select(device => context.System.Usage[device.Address].OpenHandles)
            .SelectMany(handles => handles.IsKnown ? handles.Value : [])
            .Where(handle => handle.Path.StartsWith("/dev/vfio/", StringComparison.Ordinal))
            .Distinct()
            .Select(handle => new Evidence($"/proc/{handle.ProcessId}/fd", handle.ToString())),
    ];

    private static int? GroupOf(ReadinessContext context, ErrorSubjects subjects) =>
        subjects.Groups.IsEmpty ? context.Devices.Select(device => device.IommuGroupId).FirstOrDefault() : subjects.Groups[0];
}
