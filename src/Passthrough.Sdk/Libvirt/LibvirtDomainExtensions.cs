using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>What every domain can do beyond libvirt's own functions: typed documents and devices, calls on a thread of their own.</summary>
/// <remarks>Thread safety: as <see cref="ILibvirtDomain"/>.</remarks>
public static class LibvirtDomainExtensions
{
    /// <summary>Reads and parses the domain's description (<c>virsh dumpxml</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="options">Which description.</param>
    /// <returns>The document; <see cref="ILibvirtDomain.GetXml"/> gives the text of the same.</returns>
    /// <exception cref="LibvirtException">The domain does not exist any more, or the connection is read-only and secrets were asked for.</exception>
    /// <exception cref="LibvirtXmlException">libvirt's description cannot be parsed.</exception>
    public static DomainDocument GetDocument(this ILibvirtDomain domain, DomainXmlOptions options = DomainXmlOptions.None)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return DomainDocument.Parse(domain.GetXml(options));
    }

    /// <summary>Adds a host device (<c>virsh attach-device</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="device">The device.</param>
    /// <param name="affect">The running domain, its definition, or both; libvirt does both or neither.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.AttachDevice"/>.</exception>
    public static void AttachDevice(this ILibvirtDomain domain, PassthroughDevice device, DeviceAffect affect)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(device);
        domain.AttachDevice(device.ToXml(), affect);
    }

    /// <summary>Removes a host device (<c>virsh detach-device</c>); see <see cref="ILibvirtDomain.DetachDevice"/> for what success means.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="device">The device; libvirt looks for the one that fits it.</param>
    /// <param name="affect">What it applies to.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.DetachDevice"/>.</exception>
    public static void DetachDevice(this ILibvirtDomain domain, PassthroughDevice device, DeviceAffect affect)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(device);
        domain.DetachDevice(device.ToXml(), affect);
    }

    /// <summary>Starts it as <see cref="ILibvirtDomain.Start"/> does, on a thread of its own.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.Start"/>.</exception>
    public static Task StartAsync(this ILibvirtDomain domain, DomainStartOptions options = DomainStartOptions.None, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Offload.Run(() => domain.Start(options), cancellationToken);
    }

    /// <summary>Ends it at once as <see cref="ILibvirtDomain.Destroy"/> does, on a thread of its own.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="graceful">As in <see cref="ILibvirtDomain.Destroy"/>.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">It does not run.</exception>
    public static Task DestroyAsync(this ILibvirtDomain domain, bool graceful = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Offload.Run(() => domain.Destroy(graceful), cancellationToken);
    }

    /// <summary>Adds a device as <see cref="ILibvirtDomain.AttachDevice"/> does, on a thread of its own.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="xml">The device's XML.</param>
    /// <param name="affect">What it applies to.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.AttachDevice"/>.</exception>
    public static Task AttachDeviceAsync(this ILibvirtDomain domain, string xml, DeviceAffect affect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Offload.Run(() => domain.AttachDevice(xml, affect), cancellationToken);
    }

    /// <summary>Removes a device as <see cref="ILibvirtDomain.DetachDevice"/> does, on a thread of its own.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="xml">The device's XML.</param>
    /// <param name="affect">What it applies to.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.DetachDevice"/>.</exception>
    public static Task DetachDeviceAsync(this ILibvirtDomain domain, string xml, DeviceAffect affect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Offload.Run(() => domain.DetachDevice(xml, affect), cancellationToken);
    }

    /// <summary>Begins to watch for a device to leave the domain; call it before the device is detached.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="alias">The device's alias in the live XML, <c>hostdev0</c> or the user's own <c>ua-nic</c>.</param>
    /// <returns>The watch, the caller's to dispose of.</returns>
    /// <exception cref="LibvirtException">The driver has no events, or the connection is broken.</exception>
    public static DeviceRemovalWatch WatchDeviceRemoval(this ILibvirtDomain domain, string alias)
    {
        ArgumentNullException.ThrowIfNull(domain);
        NativeText.Check(alias);
        return new(domain.Connection.SubscribeDomainEvents(), domain.Uuid, alias);
    }
}
