using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Explain;

/// <summary>Checks of the facts that distinguish causes with the same message.</summary>
internal static class CauseTests
{
    /// <summary>Checks that the physical function has no driver.</summary>
    public static bool? HasNoDriver(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof)
    {
        proof = null;
        if (OneOf(context) is not { } device)
        {
            return null;
        }

        if (device.Driver is not null || device.Details is { Sriov: null })
        {
            return false;
        }

        proof = new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", "absent");
        return true;
    }

    /// <summary>Checks that the physical function has a driver, and that the kernel shows its SR-IOV.</summary>
    public static bool? HasDriver(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof)
    {
        proof = null;
        if (OneOf(context) is not { } device)
        {
            return null;
        }

        if (device.Driver is null || device.Details is { Sriov: null })
        {
            return false;
        }

        proof = new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", device.Driver);
        return true;
    }

    /// <summary>Checks that the kernel shows no SR-IOV for the device.</summary>
    public static bool? HasNoSriov(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof)
    {
        proof = null;
        if (OneOf(context)?.Details is not { } details)
        {
            return null;
        }

        if (details.Sriov is not null)
        {
            return false;
        }

        proof = new Evidence($"/sys/bus/pci/devices/{context.Addresses[0]}/sriov_totalvfs", "absent");
        return true;
    }

    /// <summary>Checks that the mediated type has no free instance now.</summary>
    public static bool? HasNoInstance(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof)
    {
        proof = null;
        foreach (var device in context.Devices)
        {
            foreach (var type in device.Details?.MediatedDeviceTypes ?? [])
            {
                if (type.Id == match["type"] && type.AvailableInstances == 0)
                {
                    proof = new Evidence($"/sys/bus/pci/devices/{device.Address}/mdev_supported_types/{type.Id}/available_instances", "0");
                    return true;
                }
            }
        }

        return null;
    }

    /// <summary>Checks that the parent of the mediated device has NVIDIA's driver, which has a separate manager.</summary>
    public static bool? HasManager(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof)
    {
        proof = null;
        foreach (var address in subjects.Parents)
        {
            if (context.Snapshot.Devices.TryGet(address, out var parent) && parent.Driver is { } driver)
            {
                proof = new Evidence($"/sys/bus/pci/devices/{address}/driver", driver);
                return driver == "nvidia";
            }
        }

        return null;
    }

    /// <summary>Checks that the device node that a message names is not where this host has its nodes.</summary>
    public static bool? HasNoDeviceNode(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof)
    {
        proof = null;
        var nodes = context.System.Vfio.Devices;
        var path = match["path"] ?? (match["node"] is { } name ? $"/dev/vfio/devices/{name}" : null);
        if (nodes.IsUnknown || path is null)
        {
            return null;
        }

        // A kernel that creates no such nodes is the cause by itself.
        if (LacksIommufd(context, match, subjects, out _) == true)
        {
            return false;
        }

        proof = new Evidence(nodes.Source, nodes.IsKnown ? string.Join(", ", nodes.Value.Select(node => node.Path)) : "absent");
        return !nodes.IsKnown || nodes.Value.All(node => node.Path != path) ? true : null;
    }

    /// <summary>Checks whether the running kernel was built without nodes for single devices, which IOMMUFD needs; null if its configuration is not known.</summary>
    public static bool? LacksIommufd(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof)
    {
        proof = null;
        var config = context.System.Kernel.Config;
        if (config.Value is not { } options)
        {
            return null;
        }

        var missing = VfioIommufd.OptionMissingFrom(options);
        proof = missing is null ? null : new Evidence(config.Source, $"{missing}=(not set)");
        return missing is not null;
    }

    /// <summary>Checks the opposite of <see cref="HasManager"/>.</summary>
    public static bool? HasNoManager(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof) =>
        HasManager(context, match, subjects, out proof) is { } has ? !has : null;

    private static PciDevice? OneOf(ReadinessContext context) => context.Devices.Take(2).ToList() is [var device] ? device : null;
}
