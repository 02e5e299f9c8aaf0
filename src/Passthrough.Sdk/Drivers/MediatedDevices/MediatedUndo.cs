using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Drivers;

/// <summary>The ways back of the steps for mediated devices: each looks at the device first, so it is right whatever was done.</summary>
internal static class MediatedUndo
{
    /// <summary>Removes a device that a plan created, unless somebody uses it by now.</summary>
    /// <exception cref="PassthroughException">It is in use, it is another device of the same UUID, or the kernel refuses.</exception>
    public static async Task RemoveAsync(Guid uuid, string? place, ChangeContext context)
    {
        var writer = new MediatedDeviceWriter(context.Sysfs, context.Time);
        var (parent, type) = MediatedPlace.Parse(place);
        if (writer.Find(uuid) is not { } device)
        {
            return;
        }

        if (device.Parent != parent || device.Type != type)
        {
            throw new MediatedDeviceException(
                uuid, $"the mediated device {uuid:D} is of the type {device.Type} on {device.Parent}, and not the one of the plan ({type} on {parent}), so it was left unchanged");
        }

        RefuseUsed(uuid, context);
        await writer.RemoveAsync(uuid, context.Options.MediatedDeviceTimeout, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Creates a device again that a plan removed; nothing is done if it exists.</summary>
    /// <exception cref="PassthroughException">Another device has the UUID, or the kernel refuses.</exception>
    public static async Task CreateAsync(Guid uuid, string? place, ChangeContext context)
    {
        var writer = new MediatedDeviceWriter(context.Sysfs, context.Time);
        var (parent, type) = MediatedPlace.Parse(place);
        if (writer.Find(uuid) is not { } device)
        {
            await writer.CreateAsync(parent, type, uuid, context.Options.MediatedDeviceTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        else if (device.Parent != parent || device.Type != type)
        {
            throw new MediatedDeviceException(
                uuid, $"the mediated device {uuid:D} exists with the type {device.Type} on {device.Parent}, so the previous one ({type} on {parent}) cannot be created again; remove it first");
        }
    }

    /// <summary>Throws if a process has the device open.</summary>
    /// <exception cref="MediatedDeviceException">One has it open.</exception>
    /// <exception cref="PassthroughException">It cannot be determined.</exception>
    public static void RefuseUsed(Guid uuid, ChangeContext context)
    {
        if (VfioHolders.Find(context.Sysfs, $"{MediatedDeviceReader.Devices}/{uuid:D}", $"{uuid:D}") is { Count: > 0 } holders)
        {
            throw new MediatedDeviceException(
                uuid, $"the mediated device {uuid:D} is open in {string.Join(", ", holders)}; shut down the virtual machine that uses it");
        }
    }
}
