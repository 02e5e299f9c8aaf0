using System.Collections.ObjectModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Requests;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Assignment.Together;
using Passthrough.Sdk.Assignment.Guards;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk;

/// <content>Plans: giving devices to domains and taking them back.</content>
public sealed partial class PassthroughHost
{
    private static readonly IReadOnlyDictionary<PciAddress, PciIdentity> Nothing = ReadOnlyDictionary<PciAddress, PciIdentity>.Empty;

    /// <inheritdoc/>
    public AssignmentPlan Plan(PciDevice device, ILibvirtDomain to)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Plan(new AssignmentRequest(device.Address), to);
    }

    /// <inheritdoc/>
    public AssignmentPlan Plan(AssignmentRequest request, ILibvirtDomain to, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentOutOfRangeException.ThrowIfNegative(request.SparePorts);
        RequireLocal("a plan");
        RequireOwn(to.Connection);
        options = Checked(options);
        var (addresses, along) = request.WholeCards || request.WholeGroups
            ? RequestedDevices.Of(Capture(CaptureOptions.DevicesOnly), request)
            : (request.Devices, []);
        var (context, findings) = LibvirtDeadline.Run(options, to, () => JudgeAssignment(request, addresses, to, Nothing));
        var expected = IdentitiesOf(context);
        var (domain, drivers) = (new LibvirtAssignmentDomain(to, Sysfs), new DriverWatch(Sysfs, _time, UseOf));
        ValueList<PciDevice> devices = [.. context.Devices.DistinctBy(device => device.Address)];
        var sharing = devices
            .Where(device => device.IommuGroupId is not null)
            .GroupBy(device => device.IommuGroupId)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group.Select(device => device.Address))
            .ToHashSet();
        var executor = Executor(domain, drivers, () => JudgeAssignment(request, addresses, to, expected).Findings, addresses, options);
        return LibvirtDeadline.Run(options, to, () => AssignmentPlanner.Assign(
            request,
            devices,
            sharing,
            domain,
            drivers,
            [.. UnfinishedPlans.Peek(options.JournalDirectory, addresses, to.Name, to.Uuid), .. findings, .. along],
            executor));
    }

    /// <inheritdoc/>
    public AssignmentPlan PlanRelease(ReleaseRequest request, ILibvirtDomain from, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(from);
        RequireLocal("a plan");
        RequireOwn(from.Connection);
        options = Checked(options);
        var addresses = request.WholeCards
            ? RequestedDevices.Of(Capture(CaptureOptions.DevicesOnly), request, LibvirtDeadline.Run(options, from, () => OwnedBy(from)))
            : [.. request.Devices.Distinct()];
        var records = new BindingRecords(options.JournalDirectory, Sysfs);
        var (context, findings) = LibvirtDeadline.Run(options, from, () => JudgeRelease(request.Scope, addresses, from, Nothing, records));
        var expected = IdentitiesOf(context);
        var (domain, drivers) = (new LibvirtAssignmentDomain(from, Sysfs), new DriverWatch(Sysfs, _time, UseOf));
        var executor = Executor(domain, drivers, () => JudgeRelease(request.Scope, addresses, from, expected, records).Findings, addresses, options);
        return LibvirtDeadline.Run(options, from, () => AssignmentPlanner.Release(
            request, addresses, domain, drivers, [.. UnfinishedPlans.Peek(options.JournalDirectory, addresses, from.Name, from.Uuid), .. findings], executor));
    }

    /// <inheritdoc/>
    public async Task<ValueList<PlanRecovery>> RecoverAsync(
        Func<string, ILibvirtConnection> open, PlanOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        RequireLocal("recovery");
        options = Checked(options);
        options.BeforeJournal?.Invoke();
        using var journal = await PlanJournal.OpenAsync(options.JournalDirectory, options.JournalTimeout, _time, cancellationToken).ConfigureAwait(false);
        var logger = LoggerOf(options);
        var assignments = new AssignmentRecovery(Sysfs, UseOf, OpenOwn, options, _time, logger);
        ValueList<IEntryRecovery> kinds =
        [
            BootRecoveryOf(options),
            new ChangeRecovery(Steps, ContextOf(options), logger),
            new VirtualFunctionRecovery(Sysfs, entry => JudgeRestored(entry, OpenOwn, options), options, _time, logger),
            new CombinedRecovery(assignments, logger),
            assignments,
        ];
        var outcomes = await new JournalRecovery(journal, kinds, logger).RunAsync(cancellationToken).ConfigureAwait(false);
        journal.RemoveLeftovers();
        new BindingRecords(options.JournalDirectory, Sysfs).RemoveStale();
        return outcomes;

        ILibvirtConnection OpenOwn(string uri)
        {
            var connection = open(uri);
            try
            {
                RequireOwn(connection);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    // The guards of an assignment are those of a full check, with who has the devices open: when the plan is made and again when it is applied.
    private (ReadinessContext Context, ValueList<Finding> Findings) JudgeAssignment(
        AssignmentRequest request, ValueList<PciAddress> devices, ILibvirtDomain to, IReadOnlyDictionary<PciAddress, PciIdentity> expected)
    {
        LibvirtPlaceReader.RequireThisHost(to.Connection);
        var snapshot = Capture(new CaptureOptions { DetailsOf = devices, Isolation = true, OpenHandles = true });
        var context = WithDomains(new ReadinessContext(snapshot, GuestKindOf(to)) { Addresses = devices, Expected = expected }, to);
        context = context with { Target = context.Target! with { IsPluggedInto = request.Scope != AssignmentScope.Definition, Iommufd = IommufdOf(request, devices, to) } };
        return (context, [
            .. ReadinessEngine.Run(ReadinessRules.All, context),
            .. ManagedSave.OfAssignment(to, request.Scope, devices),
            .. NotBoundAtBoot.Find(snapshot, request, devices),
        ]);
    }

    // What the request says of a device counts before what the domain says of all of its devices.
    private static ValueList<PciAddress> IommufdOf(AssignmentRequest request, ValueList<PciAddress> devices, ILibvirtDomain to)
    {
        var ofDomain = DomainDocument.Parse(to.GetXml(to.IsPersistent() ? DomainXmlOptions.Inactive : default)).Settings.Iommufd == true;
        return [.. devices.Where(device => AskedFor(request.Elements.FirstOrDefault(element => DeviceElements.AddressOf(element) == device)) ?? ofDomain)];

        static bool? AskedFor(PassthroughDevice? element) => (element as PciHostDevice)?.Driver?.Iommufd ?? (element as HostInterface)?.Driver?.Iommufd;
    }

    private (ReadinessContext Context, ValueList<Finding> Findings) JudgeRelease(
        AssignmentScope scope, ValueList<PciAddress> devices, ILibvirtDomain from, IReadOnlyDictionary<PciAddress, PciIdentity> expected, BindingRecords records)
    {
        LibvirtPlaceReader.RequireThisHost(from.Connection);
        var context = WithDomains(new ReadinessContext(Capture(CaptureOptions.DevicesOnly), GuestKindOf(from)) { Addresses = devices, Expected = expected }, from);
        var (live, unplugs) = (from.IsActive() ? from.GetXml() : "", scope != AssignmentScope.Definition);
        var definition = scope == AssignmentScope.Live && from.IsPersistent() ? from.GetXml(DomainXmlOptions.Inactive) : "";
        var kept = new GroupStays(context.Snapshot, live, from.Name)
        {
            Unplugs = unplugs,
            StaysForGuests = device => HostDrivers.IsForGuests(records.Find(device, from.Name)?.Binding.Driver)
                || AssignmentFacts.IsUnmanaged(definition, live, device),
            IsTakenByPlan = device => records.Find(device, from.Name)?.IsTakenByPlan == true,
        }.Find(devices);

        // Back to a driver for guests, where it was reserved: from the driver of the host that has it now, it is taken like any other.
        var taken = context.Devices.Where(device => device.Driver is { } driver && !HostDrivers.IsForGuests(driver) && context.Target?.Names(device.Address) == true
            && records.Find(device.Address, from.Name) is { } record && record.Binding.Driver != driver);
        return (context,
        [
            .. JudgeReleased(context),
            .. ManagedSave.OfRelease(from, scope, devices),
            .. kept,
            .. SharedSlot.Find(devices, unplugs ? live : "", from.Name),
            .. taken.SelectMany(device => UseOf(device.Address)),
        ]);
    }

    private static ValueList<PciAddress> OwnedBy(ILibvirtDomain domain) =>
    [
        .. new[] { domain.IsActive() ? domain.GetXml() : "", domain.IsPersistent() ? domain.GetXml(DomainXmlOptions.Inactive) : "" }
            .Where(xml => xml.Length > 0)
            .SelectMany(xml => DomainDocument.Parse(xml).PciAddresses)
            .Distinct(),
    ];

    // What the host uses a device for, on a fresh capture, with who has it open.
    private ValueList<Finding> UseOf(PciAddress device)
    {
        var snapshot = Capture(new CaptureOptions { DetailsOf = [device], OpenHandles = true });
        return [.. ReadinessEngine.Run(ReadinessRules.OfUse, new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [device] })];
    }

    // What stands at the addresses when the plan is made: another device there later is another plan.
    private static Dictionary<PciAddress, PciIdentity> IdentitiesOf(ReadinessContext context) => context.Devices
        .Select(device => (device.Address, Identity: PciIdentity.Of(device)))
        .Where(device => device.Identity is not null)
        .ToDictionary(device => device.Address, device => device.Identity!);

    private static GuestKind GuestKindOf(ILibvirtDomain domain) => DomainXml.GuestKindOf(domain.GetXml());

    private PlanOptions Checked(PlanOptions? options)
    {
        options ??= _plans;
        options = options.LoggerFactory is null && _loggers is not null ? options with { LoggerFactory = _loggers } : options;
        PlanGuards.Check(options.Accepted);

        // The journal of a fake host lies in it: that of this machine is about this machine's plans.
        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.JournalDirectory));
        if (_fake is not { } fake)
        {
            return options;
        }

        var inside = directory.StartsWith($"{fake.Root}/", StringComparison.Ordinal) ? directory[fake.Root.Length..] : directory;
        if (fake.Has(inside))
        {
            fake.MakeDirectory(); // it may have entries
        }

        return options with { JournalDirectory = Path.Join(fake.Root, inside), BeforeJournal = fake.MakeDirectory };
    }

    private static ILogger LoggerOf(PlanOptions options) => (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<Plan>();

    private AssignmentExecutor Executor(LibvirtAssignmentDomain domain, DriverWatch drivers, Func<ValueList<Finding>> askGuards, ValueList<PciAddress> devices, PlanOptions options) =>
        new(domain, drivers, new BindingRecords(options.JournalDirectory, Sysfs), askGuards, options, _time, LoggerOf(options)) { Origin = OriginOf(devices, options) };
}
