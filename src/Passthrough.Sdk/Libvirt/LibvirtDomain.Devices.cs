using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>Changing its devices.</content>
public sealed partial class LibvirtDomain
{
    /// <summary>Adds a device (<c>virsh attach-device</c>, <c>virDomainAttachDeviceFlags</c>).</summary>
    /// <param name="xml">The device's XML, <c>&lt;hostdev …&gt;</c>.</param>
    /// <param name="affect">The running domain, its definition, or both; libvirt does both or neither.</param>
    /// <exception cref="LibvirtException">
    /// It does not run and <see cref="DeviceAffect.Live"/> was asked for, the device is in use, or the host or the emulator refuses.
    /// </exception>
    public void AttachDevice(string xml, DeviceAffect affect)
    {
        NativeText.Check(xml);
        Ensure.Success(LibVirt.virDomainAttachDeviceFlags(_handle, xml, (uint)affect), "cannot attach a device to domain", Name);
        _logger.DeviceAction(Name, "attached", affect, xml);
    }

    /// <summary>Adds a device as <see cref="AttachDevice"/> does, on a thread of its own.</summary>
    /// <param name="xml">The device's XML.</param>
    /// <param name="affect">What it applies to.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">As for <see cref="AttachDevice"/>.</exception>
    public Task AttachDeviceAsync(string xml, DeviceAffect affect, CancellationToken cancellationToken = default) =>
        Offload.Run(() => AttachDevice(xml, affect), cancellationToken);

    /// <summary>Takes a device away (<c>virsh detach-device</c>, <c>virDomainDetachDeviceFlags</c>).</summary>
    /// <param name="xml">The device's XML; libvirt looks for the device that fits it.</param>
    /// <param name="affect">What it applies to.</param>
    /// <remarks>
    /// <para>
    /// For a running domain success means that the guest was asked: it has to agree. libvirt waits a few seconds for that and
    /// then returns all the same.
    /// </para>
    /// <para>Whether the device has gone is what <see cref="WatchDeviceRemoval"/> says, or <see cref="GetXml"/> afterwards.</para>
    /// </remarks>
    /// <exception cref="LibvirtException">No such device (<see cref="LibvirtErrorCode.DeviceMissing"/>), or the guest refuses.</exception>
    public void DetachDevice(string xml, DeviceAffect affect)
    {
        NativeText.Check(xml);
        Ensure.Success(LibVirt.virDomainDetachDeviceFlags(_handle, xml, (uint)affect), "cannot detach a device from domain", Name);
        _logger.DeviceAction(Name, "detached", affect, xml);
    }

    /// <summary>Takes a device away as <see cref="DetachDevice"/> does, on a thread of its own.</summary>
    /// <param name="xml">The device's XML.</param>
    /// <param name="affect">What it applies to.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">As for <see cref="DetachDevice"/>.</exception>
    public Task DetachDeviceAsync(string xml, DeviceAffect affect, CancellationToken cancellationToken = default) =>
        Offload.Run(() => DetachDevice(xml, affect), cancellationToken);

    /// <summary>Takes the device of this alias away (<c>virsh detach-device-alias</c>, <c>virDomainDetachDeviceAlias</c>), never waiting for the guest.</summary>
    /// <param name="alias">The device's alias in the live XML, <c>hostdev0</c> or the user's own <c>ua-nic</c>.</param>
    /// <param name="affect">What it applies to.</param>
    /// <exception cref="LibvirtException">No device has this alias, or it is being unplugged already.</exception>
    public void DetachDeviceAlias(string alias, DeviceAffect affect)
    {
        NativeText.Check(alias);
        Ensure.Success(LibVirt.virDomainDetachDeviceAlias(_handle, alias, (uint)affect), "cannot detach a device from domain", Name);
        _logger.DeviceAction(Name, "detached", affect, alias);
    }

    /// <summary>Changes a device in place (<c>virsh update-device</c>, <c>virDomainUpdateDeviceFlags</c>), as far as the hypervisor can.</summary>
    /// <param name="xml">The device's XML as it is to be.</param>
    /// <param name="affect">What it applies to.</param>
    /// <exception cref="LibvirtException">No such device, or it cannot be changed so.</exception>
    public void UpdateDevice(string xml, DeviceAffect affect)
    {
        NativeText.Check(xml);
        Ensure.Success(LibVirt.virDomainUpdateDeviceFlags(_handle, xml, (uint)affect), "cannot change a device of domain", Name);
        _logger.DeviceAction(Name, "changed", affect, xml);
    }

    /// <summary>Begins to watch for a device to leave this domain; to be called before the device is detached.</summary>
    /// <param name="alias">The device's alias in the live XML, <c>hostdev0</c> or the user's own <c>ua-nic</c>.</param>
    /// <exception cref="LibvirtException">The driver has no events, or the connection is broken.</exception>
    public DeviceRemovalWatch WatchDeviceRemoval(string alias)
    {
        NativeText.Check(alias);
        return new DeviceRemovalWatch(Connection.SubscribeDomainEvents(), Uuid, alias);
    }
}
