using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk;

/// <content>Plans for mediated devices.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public DevicePlan PlanMediatedDevice(string parent, string type, Guid? uuid = null, bool startsAtBoot = false, PlanOptions? options = null)
    {
        RefuseBadPart(parent, nameof(parent));
        RefuseBadPart(type, nameof(type));
        var chosen = uuid ?? Guid.NewGuid();
        return PlanDevices(
            PlanKind.CreateMediatedDevice,
            $"create the mediated device {chosen:D} of the type {type} on {parent}{(startsAtBoot ? ", also at boot" : "")}",
            MediatedPlanner.DevicesOf(parent),
            new() { MediatedParent = parent, MediatedType = type, MediatedUuid = chosen, WithDefinition = startsAtBoot },
            libvirt: null,
            options,
            (snapshot, facts, _, _) => new MediatedPlanner(snapshot, Sysfs, facts).Create(parent, type, chosen, startsAtBoot));
    }

    /// <inheritdoc/>
    public DevicePlan PlanMediatedDeviceRemoval(Guid uuid, bool undefines = false, LibvirtFacts? libvirt = null, PlanOptions? options = null) => PlanDevices(
        PlanKind.RemoveMediatedDevice,
        $"remove the mediated device {uuid:D}{(undefines ? " and its definition" : "")}",
        MediatedPlanner.DevicesOf(MediatedDeviceReader.ReadDevice(Sysfs, uuid.ToString("D"))?.Parent),
        new() { MediatedUuid = uuid, WithDefinition = undefines },
        libvirt,
        options,
        (snapshot, facts, _, _) => new MediatedPlanner(snapshot, Sysfs, facts).Remove(uuid, undefines));

    // It becomes a part of a path in sysfs and in /etc.
    private static void RefuseBadPart(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name is "." or ".." || name.Any(letter => letter == '/' || char.IsControl(letter)))
        {
            throw new ArgumentException($"'{name}' is not a name in sysfs: it must not contain a slash or a control character", parameter);
        }
    }
}
