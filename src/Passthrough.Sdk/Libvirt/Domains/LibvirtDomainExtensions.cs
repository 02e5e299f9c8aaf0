using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt.Guests;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Extensions of <see cref="ILibvirtDomain"/>: typed documents and devices, and asynchronous calls.</summary>
/// <remarks>Thread safety: as <see cref="ILibvirtDomain"/>.</remarks>
public static class LibvirtDomainExtensions
{
    /// <summary>Reads and parses the domain's description (<c>virsh dumpxml</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="options">The description to read.</param>
    /// <returns>The document; <see cref="ILibvirtDomain.GetXml"/> returns it as text.</returns>
    /// <exception cref="LibvirtException">The domain no longer exists, or the connection is read-only and secrets were requested.</exception>
    /// <exception cref="LibvirtXmlException">libvirt's description cannot be parsed.</exception>
    public static DomainDocument GetDocument(this ILibvirtDomain domain, DomainXmlOptions options = DomainXmlOptions.None)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return DomainDocument.Parse(domain.GetXml(options));
    }

    /// <summary>Adds a host device (<c>virsh attach-device</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="device">The device.</param>
    /// <param name="affect">The running domain, its definition, or both; libvirt changes both or neither.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.AttachDevice"/>.</exception>
    public static void AttachDevice(this ILibvirtDomain domain, PassthroughDevice device, DeviceAffect affect)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(device);
        domain.AttachDevice(device.ToXml(), affect);
    }

    /// <summary>Removes a host device (<c>virsh detach-device</c>); see <see cref="ILibvirtDomain.DetachDevice"/> for the meaning of success.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="device">The device; libvirt searches for the matching one.</param>
    /// <param name="affect">The running domain, its definition, or both.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.DetachDevice"/>.</exception>
    public static void DetachDevice(this ILibvirtDomain domain, PassthroughDevice device, DeviceAffect affect)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(device);
        domain.DetachDevice(device.ToXml(), affect);
    }

    /// <summary>Changes a device of the domain in place (<c>virsh update-device</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="device">The device as it shall be.</param>
    /// <param name="affect">What it applies to.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.UpdateDevice"/>.</exception>
    public static void UpdateDevice(this ILibvirtDomain domain, PassthroughDevice device, DeviceAffect affect)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(device);
        domain.UpdateDevice(device.ToXml(), affect);
    }

    /// <summary>Starts the domain as <see cref="ILibvirtDomain.Start"/> does, on a separate thread.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="options">The options for starting the domain.</param>
    /// <param name="cancellationToken">Ends the wait. The call inside libvirt continues and may take effect later; read the domain's state then.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.Start"/>.</exception>
    public static Task StartAsync(this ILibvirtDomain domain, DomainStartOptions options = DomainStartOptions.None, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return CallAsync(domain, $"start {domain.Name}", () => domain.Start(options), cancellationToken);
    }

    /// <summary>Ends the domain at once as <see cref="ILibvirtDomain.Destroy"/> does, on a separate thread.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="graceful">As in <see cref="ILibvirtDomain.Destroy"/>.</param>
    /// <param name="cancellationToken">Ends the wait. The call inside libvirt continues and may take effect later; read the domain's state then.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="LibvirtException">The domain is not running.</exception>
    public static Task DestroyAsync(this ILibvirtDomain domain, bool graceful = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return CallAsync(domain, $"destroy {domain.Name}", () => domain.Destroy(graceful), cancellationToken);
    }

    /// <summary>Adds a device as <see cref="ILibvirtDomain.AttachDevice"/> does, on a separate thread.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="xml">The device's XML.</param>
    /// <param name="affect">The running domain, its definition, or both.</param>
    /// <param name="cancellationToken">Ends the wait. The call inside libvirt continues and may take effect later; read the domain's state then.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.AttachDevice"/>.</exception>
    public static Task AttachDeviceAsync(this ILibvirtDomain domain, string xml, DeviceAffect affect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return CallAsync(domain, $"attach a device to {domain.Name}", () => domain.AttachDevice(xml, affect), cancellationToken);
    }

    /// <summary>Removes a device as <see cref="ILibvirtDomain.DetachDevice"/> does, on a separate thread.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="xml">The device's XML.</param>
    /// <param name="affect">The running domain, its definition, or both.</param>
    /// <param name="cancellationToken">Ends the wait. The call inside libvirt continues and may take effect later; read the domain's state then.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtDomain.DetachDevice"/>.</exception>
    public static Task DetachDeviceAsync(this ILibvirtDomain domain, string xml, DeviceAffect affect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return CallAsync(domain, $"detach a device from {domain.Name}", () => domain.DetachDevice(xml, affect), cancellationToken);
    }

    /// <summary>Starts to watch for the removal of a device from the domain. Call it before the device is detached.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="alias">The device's alias in the live XML, <c>hostdev0</c> or a user alias such as <c>ua-nic</c>.</param>
    /// <returns>The watch, which the caller must dispose of.</returns>
    /// <exception cref="LibvirtException">The driver does not support events, or the connection is lost.</exception>
    public static DeviceRemovalWatch WatchDeviceRemoval(this ILibvirtDomain domain, string alias)
    {
        ArgumentNullException.ThrowIfNull(domain);
        NativeText.Check(alias);
        return new(domain.Connection.SubscribeDomainEvents(), domain.Uuid, alias);
    }

    /// <summary>
    /// Asks the agent in the guest which PCI devices the guest lists, each with its driver. A Linux guest is asked for
    /// <c>/proc/bus/pci/devices</c> (<c>guest-file-read</c>), or, if its agent does not read files, for <c>/sys/bus/pci/devices</c>
    /// (<c>guest-exec</c>); Windows for <c>guest-get-devices</c>.
    /// </summary>
    /// <param name="domain">The domain.</param>
    /// <param name="timeout">The time for all questions together, to libvirt and to the agent. A call inside libvirt that exceeds it continues there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The devices; unknown, with the reason, if the domain is not running or has no agent, libvirt or the agent does not answer in time, the agent refuses the commands
    /// (many distributions disable <c>guest-exec</c> and <c>guest-file-open</c>), the guest's system or its answer is not understood, or libvirt's
    /// library for QEMU is not installed.
    /// </returns>
    /// <exception cref="LibvirtException">The domain no longer exists.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static async Task<Fact<GuestPciDevices>> ReadGuestPciDevicesAsync(
        this ILibvirtDomain domain, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return (await GuestInquiry.AskAsync(() => domain.IsActive() ? domain.GetXml() : null, domain.QemuAgentCommand, timeout, TimeProvider.System, cancellationToken).ConfigureAwait(false)).Answer;
    }

    private static Task<bool> CallAsync(ILibvirtDomain domain, string what, Action call, CancellationToken cancellationToken) => LibvirtCalls.RunAsync(
        domain.Connection,
        what,
        () =>
        {
            call();
            return true;
        },
        Timeout.InfiniteTimeSpan,
        cancellationToken);
}
