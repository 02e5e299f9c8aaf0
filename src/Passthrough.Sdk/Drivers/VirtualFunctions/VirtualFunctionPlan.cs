using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Drivers;

/// <summary>A plan that changes the virtual functions of a physical function: their number, their settings, and whether the host binds its drivers to them.</summary>
/// <remarks>
/// The kernel requires that the number is set to 0 before another number, so all virtual functions are removed first. The settings of
/// those that are created again are made again. If a step fails, the previous number and settings are restored. Thread safety: as <see cref="Plan"/>.
/// </remarks>
public sealed class VirtualFunctionPlan : Plan
{
    private readonly Func<VirtualFunctionPlan, IProgress<PlanProgress>?, CancellationToken, Task> _apply;

    internal VirtualFunctionPlan(
        PciDevice device,
        VirtualFunctionRequest request,
        VirtualFunctionsNow now,
        ValueList<Finding> findings,
        ValueList<string> accepted,
        Func<VirtualFunctionPlan, IProgress<PlanProgress>?, CancellationToken, Task> apply)
        : base(
            PlanKind.VirtualFunctions,
            PurposeOf(device, request),
            DevicesOf(device, request),
            StepsOf(device, now, ActionsOf(device, request, now)),
            findings,
            accepted)
    {
        var count = request.Count;
        PhysicalFunction = device.Address;
        var before = CountOf(device);
        Before = before;
        Count = count;
        Leaving = LeavingOf(device, count);
        Writes = WritesOf(device, count);
        Request = request;
        Actions = ActionsOf(device, request, now);
        Kept = before == 0 || before == count ? [] : [.. now.Functions.Where(each => each.Index < before).SelectMany(VirtualFunctionSetting.OfKept)];
        ProbesBefore = device.Details?.Sriov?.ProbesDrivers;
        _apply = apply;
    }

    /// <summary>Gets the physical function.</summary>
    public PciAddress PhysicalFunction { get; }

    /// <summary>Gets the current number of virtual functions.</summary>
    public int Before { get; }

    /// <summary>Gets the requested number.</summary>
    public int Count { get; }

    /// <summary>Gets the virtual functions that the plan removes: all existing ones, because the number must be set to 0 first; empty if the number does not change.</summary>
    public ValueList<PciAddress> Leaving { get; }

    /// <summary>Gets the values that would be written to <c>sriov_numvfs</c>, in order; empty if the function already has that number.</summary>
    public ValueList<int> Writes { get; }

    /// <summary>Gets what was requested.</summary>
    public VirtualFunctionRequest Request { get; }

    /// <summary>What each step does.</summary>
    internal ValueList<VirtualFunctionAction> Actions { get; }

    /// <summary>The settings of the virtual functions that the plan removes, for the undo, which creates them again.</summary>
    internal ValueList<VirtualFunctionSetting> Kept { get; }

    /// <summary>Whether the host bound its drivers to virtual functions when the plan was made; null if the kernel does not report it.</summary>
    internal bool? ProbesBefore { get; }

    /// <summary>The URI of the libvirt that was asked; null if none was.</summary>
    internal string? Connection { get; init; }

    private protected override PlanDocument Complete(PlanDocument document) => document with
    {
        VirtualFunctions = Count,
        ProbeDrivers = Request.ProbesDrivers,
        VirtualFunctionSettings = Request.Settings.IsEmpty ? null : [.. Request.Settings.Select(each => new PlanDocumentVirtualFunction(each.Index)
        {
            MacAddress = each.MacAddress,
            Vlan = each.Vlan?.ToString(),
            Trust = each.IsTrusted,
            SpoofCheck = each.ChecksSpoofing,
        })],
        Connection = Connection,
    };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) => _apply(this, progress, cancellationToken);

    private static int CountOf(PciDevice device) => device.Details?.Sriov?.VirtualFunctions ?? device.VirtualFunctions.Count;

    private static ValueList<PciAddress> LeavingOf(PciDevice device, int count) => CountOf(device) == count ? [] : device.VirtualFunctions;

    private static string PurposeOf(PciDevice device, VirtualFunctionRequest request)
    {
        var before = CountOf(device);
        var settings = request.Settings.IsEmpty ? "" : string.Create(CultureInfo.InvariantCulture, $"set {request.Settings.Count} of the {request.Count} virtual functions of {device.Address}");
        return before == request.Count && settings.Length > 0
            ? settings
            : string.Create(CultureInfo.InvariantCulture, $"change {device.Address} from {before} to {request.Count} virtual functions{(settings.Length > 0 ? $" and set {request.Settings.Count} of them" : "")}");
    }

    /// <summary>The physical function and all that may come, go or be set: nothing else may be planned for any of them meanwhile.</summary>
    /// <remarks>Functions that exist have the addresses that the host lists, also where a card computes others. Only for those to come there is nothing better.</remarks>
    internal static ValueList<PciAddress> DevicesOf(PciDevice device, VirtualFunctionRequest request) =>
        CountOf(device) != request.Count ? [device.Address, .. device.VirtualFunctions.Union(AddressesOf(device, request.Count).Skip(device.VirtualFunctions.Count))]
        : [device.Address, .. device.VirtualFunctions.Where((_, index) => request.Settings.Any(settings => settings.Index == index))];

    /// <summary>The addresses that the first virtual functions have, also if they do not exist; empty if the kernel does not report where they begin.</summary>
    /// <remarks>
    /// PCI: a virtual function's routing id (bus, slot, function) is that of the physical one, the offset, and its index times the stride. Some devices
    /// report 0 for both while they have no virtual function; then nothing is known.
    /// </remarks>
    internal static IEnumerable<PciAddress> AddressesOf(PciDevice device, int count)
    {
        if (device.Details?.Sriov is not { Offset: > 0 and var offset, Stride: { } stride } || (stride <= 0 && count > 1))
        {
            yield break;
        }

        var address = device.Address;
        for (var index = 0; index < count; index++)
        {
            var id = (address.Bus << 8 | address.Slot << 3 | address.Function) + offset + (index * stride);
            if (id > ushort.MaxValue)
            {
                yield break; // beyond the last bus
            }

            yield return new(address.Domain, (byte)(id >> 8), (byte)(id >> 3 & 0x1f), (byte)(id & 7));
        }
    }

    private static ValueList<int> WritesOf(PciDevice device, int count) => CountOf(device) is var before && before == count ? []
        : before == 0 || count == 0 ? [count]
        : [0, count];

    // Probing first, because it counts when the functions are created; their settings last, because they belong to functions that exist.
    private static ValueList<VirtualFunctionAction> ActionsOf(PciDevice device, VirtualFunctionRequest request, VirtualFunctionsNow now)
    {
        var actions = new List<VirtualFunctionAction>();
        if (request.ProbesDrivers is { } probes && device.Details?.Sriov?.ProbesDrivers != probes)
        {
            actions.Add(new() { Probes = probes });
        }

        var writes = WritesOf(device, request.Count);
        actions.AddRange(writes.Select(value => new VirtualFunctionAction { Count = value }));
        var wanted = request.Settings.OrderBy(settings => settings.Index).SelectMany(VirtualFunctionSetting.Of).ToList();
        if (writes.IsEmpty)
        {
            actions.AddRange(wanted
                .Select(setting => new VirtualFunctionAction { Setting = setting, Before = now.ValueOf(setting) })
                .Where(action => action.Before != action.Setting!.Value));
        }
        else
        {
            var kept = now.Functions.Where(function => function.Index < request.Count).SelectMany(VirtualFunctionSetting.OfKept)
                .Where(kept => !wanted.Exists(setting => setting.Index == kept.Index && setting.Name == kept.Name));
            actions.AddRange(kept.Concat(wanted).OrderBy(setting => setting.Index).Select(setting => new VirtualFunctionAction { Setting = setting }));
        }

        return actions.ToValueList();
    }

    private static ValueList<PlanStep> StepsOf(PciDevice device, VirtualFunctionsNow now, ValueList<VirtualFunctionAction> actions) =>
        [.. actions.Select((action, i) => StepOf(i + 1, device, now, action, actions.Any(each => each.Count is not null)))];

    private static PlanStep StepOf(int number, PciDevice device, VirtualFunctionsNow now, VirtualFunctionAction action, bool isNew) => action switch
    {
        { Count: { } count } => SetVirtualFunctions.Describe(number, device.Address, CountOf(device), count),
        { Probes: { } probes } => new(
            number,
            PlanStepKind.SetDriverProbing,
            device.Address,
            $"let the host {(probes ? "bind its drivers" : "bind no driver")} to virtual functions of {device.Address}",
            device.Details?.Sriov?.ProbesDrivers is null ? "not possible: the kernel does not report the previous value" : $"let the host {(probes ? "bind no driver" : "bind its drivers")} to them",
            DriverProbing.CommandOf(device.Address, probes)),
        { Setting: var setting } => new(
            number,
            PlanStepKind.ConfigureVirtualFunction,
            device.Address,
            string.Create(CultureInfo.InvariantCulture, $"set the {setting!.Title} of virtual function {setting.Index} of {device.Address} to {setting.Value}"),
            isNew ? "remove the virtual function" : action.Before is { } before ? $"set it back to {before}" : "not possible: the driver does not report the previous value",
            setting.CommandOf(now.Interface ?? "DEVICE")),
    };
}
