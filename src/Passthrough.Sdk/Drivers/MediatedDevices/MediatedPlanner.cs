using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Plans the creation and the removal of mediated devices from a snapshot.</summary>
internal sealed class MediatedPlanner(HostSnapshot snapshot, ISysfs sysfs, LibvirtFacts? libvirt)
{
    private readonly MediatedDeviceStatus _status = snapshot.System.MediatedDevices;

    /// <exception cref="MediatedDeviceException">The host has no such parent or type, or another device has the UUID.</exception>
    public (ValueList<HostChange> Changes, ValueList<Finding> Findings) Create(string parentName, string type, Guid uuid, bool startsAtBoot)
    {
        var parent = ParentOf(parentName, uuid);
        var found = TypeOf(parent, type, uuid);
        var changes = new List<HostChange>();
        var findings = new List<Finding>();
        if (Existing(uuid) is { } device)
        {
            if (device.Parent != parentName || device.Type != type)
            {
                throw new MediatedDeviceException(
                    uuid, $"a mediated device {uuid:D} exists already, with the type {device.Type} on {device.Parent}; choose another UUID");
            }
        }
        else
        {
            changes.Add(CreateMediatedDevice.Of(parent, type, uuid));
            if (found is { AvailableInstances: 0 })
            {
                findings.Add(NoInstance(parent, found));
            }
        }

        if (startsAtBoot)
        {
            AddDefinition(new() { Parent = parentName, Uuid = uuid, Type = type, IsAutomatic = true }, changes, findings);
        }

        return (changes.ToValueList(), findings.ToValueList());
    }

    /// <exception cref="MediatedDeviceException">The host has no such device and, if its definition is to be removed, no definition either.</exception>
    public (ValueList<HostChange> Changes, ValueList<Finding> Findings) Remove(Guid uuid, bool undefines)
    {
        var device = Existing(uuid);
        var definitions = undefines ? DefinitionsOf(uuid) : [];
        if (device is null && definitions.IsEmpty)
        {
            throw new MediatedDeviceException(
                uuid, $"the host has no mediated device {uuid:D} ({MediatedDeviceReader.Devices}/{uuid:D} does not exist){(undefines ? ", and no definition of it in " + MediatedDefinitionFile.Directory : "")}; the existing ones are listed by: ls {MediatedDeviceReader.Devices}");
        }

        var findings = new List<Finding>();
        var changes = new List<HostChange>();

        // Without a definition nothing creates the device again while the plan runs.
        foreach (var definition in definitions)
        {
            changes.Add(EditMediatedDefinition.Of(definition, EditMediatedDefinition.Read(definition.Path, sysfs), after: null));
        }

        if (device is not null)
        {
            if (device.Parent is null || device.Type is null)
            {
                throw new MediatedDeviceException(uuid, $"the parent and the type of the mediated device {uuid:D} cannot be read, so its removal could not be undone; run as root");
            }

            findings.AddRange(UsesOf(device));
            changes.Add(RemoveMediatedDevice.Of(device));
        }

        return (changes.ToValueList(), findings.ToValueList());
    }

    /// <summary>The PCI function that the parent of a device is; empty if it is not one.</summary>
    public static ValueList<PciAddress> DevicesOf(string? parent) => PciAddress.TryParse(parent, out var address) ? [address] : [];

    private MediatedParent ParentOf(string name, Guid uuid)
    {
        if (_status.Parents.IsUnknown)
        {
            throw new MediatedDeviceException(uuid, $"cannot tell which devices create mediated devices: {_status.Parents.Source}: {_status.Parents.Reason ?? "not read"}; run as root");
        }

        return _status.FindParent(name) ?? throw new MediatedDeviceException(
            uuid,
            $"{name} cannot create mediated devices ({MediatedDeviceReader.Parents}/{name} does not exist); "
            + (_status.Parents.IsKnown && !_status.Parents.Value.IsEmpty ? $"these can: {string.Join(", ", _status.Parents.Value.Select(parent => parent.Name))}" : "load the driver of a device that can"));
    }

    private static MediatedDeviceType TypeOf(MediatedParent parent, string type, Guid uuid) =>
        !parent.Types.IsKnown ? throw new MediatedDeviceException(uuid, $"cannot tell which types {parent.Name} has: {parent.Types.Source}: {parent.Types.Reason ?? "absent"}")
        : parent.FindType(type) ?? throw new MediatedDeviceException(
            uuid, $"{parent.Name} has no mediated type {type}; it has {(parent.Types.Value.IsEmpty ? "none now, perhaps because the services of its driver's vendor do not run" : string.Join(", ", parent.Types.Value.Select(known => known.Id)))}");

    private MediatedDevice? Existing(Guid uuid) => _status.Devices.IsUnknown
        ? throw new MediatedDeviceException(uuid, $"cannot tell whether the mediated device {uuid:D} exists: {_status.Devices.Source}: {_status.Devices.Reason ?? "not read"}; run as root")
        : _status.FindDevice(uuid);

    private ValueList<MediatedDefinition> DefinitionsOf(Guid uuid) => _status.Definitions.IsUnknown
        ? throw new MediatedDeviceException(uuid, $"cannot tell whether the mediated device {uuid:D} is defined: {_status.Definitions.Source}: {_status.Definitions.Reason ?? "not read"}; run as root")
        : _status.FindDefinitions(uuid);

    // The rest of a definition that exists, such as its attributes, stays as it is.
    private void AddDefinition(MediatedDefinition wanted, List<HostChange> changes, List<Finding> findings)
    {
        if (_status.UnreadDefinitions.FirstOrDefault(file => file.Path == wanted.Path) is { } unread)
        {
            throw new MediatedDeviceException(wanted.Uuid, $"{unread.Path} is not a definition that can be changed: {unread.Reason}; correct the file, or remove it");
        }

        var known = DefinitionsOf(wanted.Uuid).FirstOrDefault(definition => definition.Parent == wanted.Parent);
        var before = EditMediatedDefinition.Read(wanted.Path, sysfs);
        if (known is null || !known.IsAutomatic || known.Type != wanted.Type)
        {
            changes.Add(EditMediatedDefinition.Of(wanted, before, MediatedDefinitionFile.Write(known is null ? wanted : known with { Type = wanted.Type, IsAutomatic = true })));
        }

        if (MediatedStart.Starter(_status.Starter, "1 mediated device") is { } finding)
        {
            findings.Add(finding);
        }
    }

    private static Finding NoInstance(MediatedParent parent, MediatedDeviceType type) => FindingFactory.Of(
        DevicesOf(parent.Name),
        FindingIds.MediatedDeviceNoInstance,
        FindingSeverity.Error,
        $"no instance of the mediated type {type.Id} is left on {parent.Name}",
        type.Instances.IsEmpty
            ? "remove a mediated device of another type that is not needed, or choose another type"
            : $"remove a mediated device that is not needed, such as {type.Instances[0]}, or choose another type",
        new Evidence($"{MediatedDeviceReader.Parents}/{parent.Name}/mdev_supported_types/{type.Id}/available_instances", "0"));

    private IEnumerable<Finding> UsesOf(MediatedDevice device)
    {
        var devices = DevicesOf(device.Parent);
        var uses = libvirt?.MediatedUses.Where(use => use.Uuid == device.Uuid).ToList() ?? [];
        if (uses.Find(use => use.IsRunning) is { } running)
        {
            yield return FindingFactory.Of(
                devices, FindingIds.DeviceInUseByDomain, FindingSeverity.Error,
                $"the mediated device {device.Uuid:D} is assigned to the running domain {running.Domain}",
                $"shut the domain down (virsh shutdown {ShellArgument.Of(running.Domain)}), or detach the device from it", new Evidence(running.Source, $"<address uuid='{device.Uuid:D}'/>"));
        }
        else if (VfioHolders.Find(sysfs, $"{MediatedDeviceReader.Devices}/{device.Uuid:D}", $"{device.Uuid:D}") is { Count: > 0 } holders)
        {
            yield return FindingFactory.Of(
                devices, FindingIds.DeviceHasOpenHandles, FindingSeverity.Error,
                $"the mediated device {device.Uuid:D} is open in {string.Join(", ", holders)}",
                "end the program, or shut down the virtual machine that it runs",
                [.. device.IommuGroupId is { } group ? (ValueList<Evidence>)[new($"/dev/vfio/{group}", string.Join(", ", holders))] : []]);
        }

        if (uses.Find(use => !use.IsRunning) is { } defined)
        {
            yield return FindingFactory.Of(
                devices, FindingIds.DeviceInOtherDefinition, FindingSeverity.Warning,
                $"the definition of the domain {defined.Domain} requests the mediated device {device.Uuid:D}, without which it does not start",
                $"remove the device from the definition as well (virsh edit {ShellArgument.Of(defined.Domain)})", new Evidence(defined.Source, $"<address uuid='{device.Uuid:D}'/>"));
        }
    }
}
