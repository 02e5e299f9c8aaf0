using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Capabilities;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Hostdev.NodeDevices;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Extensions of <see cref="ILibvirtConnection"/> and <see cref="ILibvirtNodeDevice"/>: the typed models beside libvirt's texts.</summary>
/// <remarks>Thread safety: as <see cref="ILibvirtConnection"/>.</remarks>
public static class LibvirtConnectionExtensions
{
    /// <summary>Makes calls to libvirt on a separate thread, and waits for them no longer than a given time.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="connection">The connection.</param>
    /// <param name="call">The calls. What they return is disposed of if it comes too late.</param>
    /// <param name="timeout">The time for all of them; <see cref="Timeout.InfiniteTimeSpan"/> means no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The result.</returns>
    /// <remarks>
    /// Nothing can interrupt a call inside libvirt. When the wait ends first, the call continues on its thread, and a change that it makes may take effect later. A connection
    /// of this library makes up to five such calls at the same time, as many as a daemon handles for one client; others wait for their turn, which counts as time too.
    /// </remarks>
    /// <example><code>string xml = await libvirt.CallAsync(l => { using var vm1 = l.GetDomain("vm1"); return vm1.GetXml(); }, TimeSpan.FromSeconds(5));</code></example>
    /// <exception cref="LibvirtTimeoutException">The time is over.</exception>
    /// <exception cref="LibvirtException">A call failed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static Task<T> CallAsync<T>(
        this ILibvirtConnection connection, Func<ILibvirtConnection, T> call, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(call);
        return LibvirtCalls.RunAsync(connection, "CallAsync", () => call(connection), timeout, cancellationToken);
    }

    /// <summary>Defines a domain (<c>virsh define FILE</c>).</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="document">The domain's document.</param>
    /// <param name="validate">Whether the XML must conform to libvirt's schema.</param>
    /// <returns>The domain.</returns>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtConnection.DefineDomain"/>.</exception>
    public static ILibvirtDomain DefineDomain(this ILibvirtConnection connection, DomainDocument document, bool validate = false)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(document);
        return connection.DefineDomain(document.ToString(), validate);
    }

    /// <summary>Reads and parses the capabilities of domains of one kind (<c>virsh domcapabilities</c>).</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="emulator">The emulator's path; null for the default. The same applies to the other parameters.</param>
    /// <param name="architecture">The guest's architecture, <c>x86_64</c>.</param>
    /// <param name="machine">The machine type, <c>q35</c>.</param>
    /// <param name="virtualizationType">The domain's type: <c>kvm</c>, <c>qemu</c>, <c>xen</c>.</param>
    /// <exception cref="LibvirtException">As for <see cref="ILibvirtConnection.GetDomainCapabilities"/>.</exception>
    /// <exception cref="LibvirtXmlException">libvirt's text cannot be parsed.</exception>
    public static DomainCapabilities ReadDomainCapabilities(
        this ILibvirtConnection connection, string? emulator = null, string? architecture = null, string? machine = null, string? virtualizationType = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return DomainCapabilities.Parse(connection.GetDomainCapabilities(emulator, architecture, machine, virtualizationType));
    }

    /// <summary>Reads and parses the descriptions of all networks, active or not (<c>virsh net-dumpxml</c> for each).</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>The networks; empty if the connection has no driver for networks.</returns>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    /// <exception cref="LibvirtXmlException">A description cannot be parsed.</exception>
    public static ValueList<NetworkDocument> GetNetworks(this ILibvirtConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return [.. connection.GetNetworkDescriptions().Select(NetworkDocument.Parse)];
    }

    /// <summary>Reads and parses a device's description (<c>virsh nodedev-dumpxml</c>).</summary>
    /// <param name="device">The device.</param>
    /// <returns>The description; <see cref="ILibvirtNodeDevice.GetXml"/> returns it as text.</returns>
    /// <exception cref="LibvirtException">The device no longer exists.</exception>
    /// <exception cref="LibvirtXmlException">The description cannot be parsed.</exception>
    public static NodeDeviceDescription GetDescription(this ILibvirtNodeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return NodeDeviceDescription.Parse(device.GetXml());
    }
}
