using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.PersistenceChanges;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Starts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk;

/// <content>Plans that need no domain: drivers and resets.</content>
public sealed partial class PassthroughHost
{
    // A new kind of step is added here.
    private static readonly ChangeSteps Steps = new(
        new LoadModule(), new BindDriver(), new ChooseResetMethod(), new ResetDevice(),
        new CreateMediatedDevice(), new RemoveMediatedDevice(), new EditMediatedDefinition(), new WriteRuleFile(), new WriteStartHook());

    /// <inheritdoc/>
    public DevicePlan PlanBind(IEnumerable<PciAddress> devices, string? driver = null, LibvirtFacts? libvirt = null, PlanOptions? options = null)
    {
        var addresses = AddressesOf(devices);
        RefuseBadName(driver);
        return PlanDevices(
            PlanKind.Bind,
            $"bind {string.Join(", ", addresses)} to {driver ?? "a driver for guests"}",
            addresses,
            new() { Driver = driver },
            libvirt,
            options,
            (snapshot, facts, _, expected) => new BindPlanner(snapshot, new(Sysfs, _time, UseOf), facts, expected).Bind(addresses, driver));
    }

    /// <inheritdoc/>
    public DevicePlan PlanUnbind(IEnumerable<PciAddress> devices, string? driver = null, LibvirtFacts? libvirt = null, PlanOptions? options = null)
    {
        var addresses = AddressesOf(devices);
        RefuseBadName(driver);
        return PlanDevices(
            PlanKind.Unbind,
            $"return {string.Join(", ", addresses)} to {driver ?? "the host"}",
            addresses,
            new() { Driver = driver },
            libvirt,
            options,
            (snapshot, facts, checkedOptions, expected) => new BindPlanner(snapshot, new(Sysfs, _time, UseOf), facts, expected)
                .Unbind(addresses, driver, new BindingRecords(checkedOptions.JournalDirectory, Sysfs)));
    }

    /// <inheritdoc/>
    public DevicePlan PlanReset(PciAddress device, string? method = null, LibvirtFacts? libvirt = null, PlanOptions? options = null)
    {
        RefuseBadName(method);
        return PlanDevices(
            PlanKind.Reset,
            $"reset {device}{(method is null ? "" : $" by {method}")}",
            [device],
            new() { ResetMethod = method },
            libvirt,
            options,
            (snapshot, facts, _, expected) => ResetPlanner.Plan(snapshot, device, method, facts, expected));
    }

    // The plan is made again, on a fresh capture and with the identities of the first one, when it is applied.
    private DevicePlan PlanDevices(
        PlanKind kind,
        string purpose,
        ValueList<PciAddress> devices,
        PlanDocumentRequest request,
        LibvirtFacts? libvirt,
        PlanOptions? options,
        Func<HostSnapshot, LibvirtFacts?, PlanOptions, IReadOnlyDictionary<PciAddress, PciIdentity>, (ValueList<HostChange> Changes, ValueList<Finding> Findings)> make)
    {
        RequireLocal("a plan");
        options = Checked(options);
        IReadOnlyDictionary<PciAddress, PciIdentity>? expected = null;
        return Make(libvirt);

        DevicePlan Make(LibvirtFacts? facts)
        {
            facts?.RequireThisHost();
            var snapshot = Capture(new CaptureOptions { DetailsOf = devices, Isolation = true, OpenHandles = true });
            var (changes, findings) = make(snapshot, facts, options, expected ?? Nothing);
            expected ??= IdentitiesOf(new(snapshot, default) { Addresses = devices });
            return new(
                kind,
                purpose,
                devices,
                changes,
                Steps,
                [.. UnfinishedPlans.Peek(options.JournalDirectory, Steps.Blocking(devices, changes), devices.IsEmpty ? purpose : string.Join(", ", devices), devices), .. findings],
                options.Accepted,
                ApplyAsync)
            {
                Request = request,
                Connection = facts?.Uri,
                Origin = OriginOf(devices, options),
            };
        }

        Task ApplyAsync(DevicePlan plan, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
        {
            var logger = LoggerOf(options);
            var work = new ChangeWork(plan, Steps, ContextOf(options), () => Make(libvirt?.ReadAgain(opens: _fake is null)), logger);
            return new PlanEngine(options, _time, logger).ApplyAsync(plan, work, progress, cancellationToken);
        }
    }

    private ChangeContext ContextOf(PlanOptions options) => new(new AwaitedSysfs(Sysfs), FilesDirectory ?? "/", RunsCommands: IsLocal && _fake is null, UseOf, options, _time);

    private static ValueList<PciAddress> AddressesOf(IEnumerable<PciAddress> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ValueList<PciAddress> addresses = [.. devices.Distinct()];
        return addresses.IsEmpty ? throw new ArgumentException("a plan needs at least one device", nameof(devices)) : addresses;
    }

    // It becomes a part of a path in sysfs, or the content of a file there.
    private static void RefuseBadName(string? name)
    {
        if (name is not null && (name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) || name.StartsWith('.')))
        {
            throw new ArgumentException($"'{name}' is not a name of the kernel: letters, digits, '-', '_' and '.' only", nameof(name));
        }
    }
}
