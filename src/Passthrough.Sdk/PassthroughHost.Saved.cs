using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Requests;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;

namespace Passthrough.Sdk;

/// <content>Plans that were saved as JSON.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public Plan PlanAgain(SavedPlan saved, ILibvirtConnection? libvirt = null, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(saved);
        var document = saved.Document;
        if (document.Kind is not (PlanKind.Boot or PlanKind.RevertBoot))
        {
            RequireLocal("a plan");
        }

        var acceptedNow = options?.Accepted ?? [];
        options = options is null ? saved.Options with { JournalDirectory = _plans.JournalDirectory } : options with { Accepted = [.. options.Accepted.Union(saved.Options.Accepted)] };
        PlanReview.RefuseOtherHost(document, MarksOf(document.Host.Devices.Select(device => device.Address)), isThisMachine: IsLocal);
        var plan = MakeAgain(document, libvirt, options);
        PlanReview.RefuseOtherSteps(document, plan.ToDocument(), acceptedNow);
        return plan;
    }

    private Plan MakeAgain(PlanDocument document, ILibvirtConnection? libvirt, PlanOptions options) => document.Kind switch
    {
        PlanKind.Assign => Plan(SavedRequest.Assignment(document), DomainOf(document, libvirt), options),
        PlanKind.Release => PlanRelease(SavedRequest.Release(document), DomainOf(document, libvirt), options),
        PlanKind.Combined => PlanTogether(document.Domains!.Value.Select(domain => RequestOf(document with { Kind = domain.Kind, Domain = domain.Domain, DomainUuid = domain.DomainUuid, Devices = domain.Devices, Request = domain.Request }, libvirt)), options),
        PlanKind.VirtualFunctions => PlanVirtualFunctions(document.Devices[0], RequestOf(document), FactsOf(document, libvirt), options),
        PlanKind.Bind => PlanBind(document.Devices, document.Request!.Driver, FactsOf(document, libvirt), options),
        PlanKind.Unbind => PlanUnbind(document.Devices, document.Request!.Driver, FactsOf(document, libvirt), options),
        PlanKind.Reset => PlanReset(document.Devices[0], document.Request!.ResetMethod, FactsOf(document, libvirt), options),
        PlanKind.CreateMediatedDevice => PlanMediatedDevice(
            document.Request!.MediatedParent!, document.Request.MediatedType!, document.Request.MediatedUuid, document.Request.WithDefinition == true, options),
        PlanKind.RemoveMediatedDevice => PlanMediatedDeviceRemoval(
            document.Request!.MediatedUuid!.Value, document.Request.WithDefinition == true, FactsOf(document, libvirt), options),
        PlanKind.Persist when document.Request!.VirtualFunctions is { } count => PlanPersistVirtualFunctions(document.Devices[0], count, document.Request.ProbesDrivers ?? false, options),
        PlanKind.Persist => PlanPersist(document.Devices, document.Request!.Driver ?? PersistentBinding.DefaultDriver, options),
        PlanKind.Unpersist => PlanUnpersist(document.Devices, options),
        PlanKind.InstallStartHook => PlanStartHook(
            new() { Command = [.. document.Request!.HookCommand!.Value], AllowsOnFailure = document.Request.AllowsOnFailure ?? false }, options),
        PlanKind.RemoveStartHook => PlanStartHookRemoval(options),
        PlanKind.Boot => PlanBoot(ChangeOf(document.Boot!), options),
        PlanKind.RevertBoot => PlanBootRevert(options),
        _ => throw new SavedPlanException(SavedPlanProblem.Damaged, $"the saved plan is of the unknown kind {document.Kind}; make it again"),
    };

    private static DomainRequest RequestOf(PlanDocument part, ILibvirtConnection? libvirt) => part.Kind == PlanKind.Assign
        ? new(DomainOf(part, libvirt), SavedRequest.Assignment(part))
        : new(DomainOf(part, libvirt), SavedRequest.Release(part));

    private static VirtualFunctionRequest RequestOf(PlanDocument document) => new()
    {
        Count = document.VirtualFunctions!.Value,
        ProbesDrivers = document.ProbeDrivers,
        Settings = [.. (document.VirtualFunctionSettings ?? []).Select(each => new VirtualFunctionSettings
        {
            Index = each.Index,
            MacAddress = each.MacAddress,
            Vlan = each.Vlan is not { } vlan ? null
                : VlanTag.Parse(vlan) ?? throw new SavedPlanException(SavedPlanProblem.Damaged, $"the saved plan contains '{vlan}', which is not a VLAN; save it again (Plan.ToJson)"),
            IsTrusted = each.Trust,
            ChecksSpoofing = each.SpoofCheck,
        })],
    };

    // A new name leaves the UUID as it is. A domain of the same name with another UUID was made since, and nobody reviewed a plan for it.
    private static ILibvirtDomain DomainOf(PlanDocument document, ILibvirtConnection? libvirt)
    {
        ArgumentNullException.ThrowIfNull(libvirt);
        var isFound = document.DomainUuid is { } uuid ? libvirt.TryGetDomain(uuid, out var domain) : libvirt.TryGetDomain(document.Domain!, out domain);
        return isFound
            ? domain!
            : throw new SavedPlanException(
                SavedPlanProblem.DomainNotFound, $"the domain {document.Domain} of the plan no longer exists at {libvirt.Uri}; make a new plan");
    }

    private LibvirtFacts? FactsOf(PlanDocument document, ILibvirtConnection? libvirt) =>
        libvirt is not null ? LibvirtFacts.Read(libvirt)
        : document.Connection is { } uri && _fake is null ? LibvirtFacts.Read(uri)
        : null;

    private static BootChange ChangeOf(PlanDocumentBoot boot)
    {
        var add = new List<BootParameter>();
        foreach (var text in boot.Add)
        {
            add.Add(BootParameter.TryParse(text, out var parameter)
                ? parameter
                : throw new SavedPlanException(SavedPlanProblem.Damaged, $"the saved plan contains '{text}', which is not a kernel parameter; save it again (Plan.ToJson)"));
        }

        return new()
        {
            Add = add.ToValueList(),
            Remove = [.. boot.Remove],
            LoadModules = [.. boot.LoadModules],
            AllowModules = [.. boot.AllowModules],
            EarlyBinding = boot.EarlyBinding is { } ids ? new([.. ids], [.. boot.EarlyBindingBefore ?? []]) : null,
            Reasons = [.. boot.Reasons],
        };
    }

    private PlanOrigin OriginOf(ValueList<PciAddress> devices, PlanOptions options) => new(MarksOf(devices), options);

    private PlanDocumentHost MarksOf(IEnumerable<PciAddress> devices) => new HostMarks(Sysfs).Describe(Source, devices.Distinct());
}
