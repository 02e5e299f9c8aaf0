using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A connection to libvirt (<c>virsh -c URI</c>), from <see cref="LibvirtConnection.Open"/>, or a replacement in a test.</summary>
/// <remarks>
/// Thread safety: all members of the library's own connection may be called from several threads at the same time. Each call blocks until
/// libvirt answers, which may take a long time if the daemon does not respond.
/// </remarks>
public interface ILibvirtConnection : IDisposable
{
    /// <summary>Gets the connection's URI as libvirt completed it (<c>virsh uri</c>, <c>virConnectGetURI</c>).</summary>
    string Uri { get; }

    /// <summary>Gets whether the connection is read-only.</summary>
    bool IsReadOnly { get; }

    /// <summary>Asks libvirt whether the connection is considered alive (<c>virConnectIsAlive</c>); nothing is sent.</summary>
    /// <remarks>
    /// This is a method and not a property, unlike <see cref="IsReadOnly"/>, because it calls libvirt: it can fail, and two calls can give
    /// different results.
    /// </remarks>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    bool IsAlive();

    /// <summary>Reads the driver's name: <c>QEMU</c>, <c>Xen</c>, <c>TEST</c> (<c>virConnectGetType</c>).</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    string GetDriverType();

    /// <summary>Reads the host's name (<c>virsh hostname</c>, <c>virConnectGetHostname</c>).</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    string GetHostname();

    /// <summary>Reads the version of libvirt at the other end (<c>virsh version --daemon</c>, <c>virConnectGetLibVersion</c>).</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    Version GetLibvirtVersion();

    /// <summary>Reads the hypervisor's version (<c>virsh version</c>, <c>virConnectGetVersion</c>); for QEMU that of the default emulator.</summary>
    /// <exception cref="LibvirtException">The hypervisor is not installed, or does not report its version.</exception>
    Version GetHypervisorVersion();

    /// <summary>Reads the capabilities of host and hypervisor as XML (<c>virsh capabilities</c>, <c>virConnectGetCapabilities</c>).</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    string GetCapabilities();

    /// <summary>
    /// Reads the capabilities of domains of one kind as XML (<c>virsh domcapabilities</c>, <c>virConnectGetDomainCapabilities</c>).
    /// Its <c>hostdev</c> element contains the result of libvirt's own check: an empty <c>pciBackend</c> means no passthrough on this host.
    /// </summary>
    /// <param name="emulator">The emulator's path; null for the default. The same applies to the other parameters.</param>
    /// <param name="architecture">The guest's architecture, <c>x86_64</c>.</param>
    /// <param name="machine">The machine type, <c>q35</c>.</param>
    /// <param name="virtualizationType">The domain's type: <c>kvm</c>, <c>qemu</c>, <c>xen</c>.</param>
    /// <exception cref="LibvirtException">The host does not support this combination, or the driver does not report it.</exception>
    string GetDomainCapabilities(string? emulator = null, string? architecture = null, string? machine = null, string? virtualizationType = null);

    /// <summary>Gets the domain with a name (<c>virsh dominfo NAME</c>, <c>virDomainLookupByName</c>).</summary>
    /// <param name="name">The exact name.</param>
    /// <exception cref="LibvirtException">It does not exist (<see cref="LibvirtErrorCode.NoDomain"/>), or libvirt does not answer.</exception>
    ILibvirtDomain GetDomain(string name);

    /// <summary>Gets the domain with a UUID (<c>virDomainLookupByUUID</c>).</summary>
    /// <param name="uuid">Its UUID.</param>
    /// <exception cref="LibvirtException">It does not exist (<see cref="LibvirtErrorCode.NoDomain"/>), or libvirt does not answer.</exception>
    ILibvirtDomain GetDomain(Guid uuid);

    /// <summary>Gets the domain with a name, if it exists.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="domain">The domain, which the caller must dispose of; null if it does not exist.</param>
    /// <returns>Whether it exists.</returns>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    bool TryGetDomain(string name, [NotNullWhen(true)] out ILibvirtDomain? domain);

    /// <summary>Gets the domain with a UUID, if it exists.</summary>
    /// <param name="uuid">Its UUID.</param>
    /// <param name="domain">The domain, which the caller must dispose of; null if it does not exist.</param>
    /// <returns>Whether it exists.</returns>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    bool TryGetDomain(Guid uuid, [NotNullWhen(true)] out ILibvirtDomain? domain);

    /// <summary>Lists all domains, running or not (<c>virsh list --all</c>, <c>virConnectListAllDomains</c>), in no particular order.</summary>
    /// <returns>The list; the caller must dispose of each item.</returns>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    ValueList<ILibvirtDomain> GetDomains();

    /// <summary>
    /// Defines a domain, or replaces the definition of the one with the same name and UUID
    /// (<c>virsh define FILE</c>, <c>virDomainDefineXMLFlags</c>). A running domain keeps running unchanged.
    /// </summary>
    /// <param name="xml">The domain's XML.</param>
    /// <param name="validate">Whether the XML must conform to libvirt's schema (<c>--validate</c>).</param>
    /// <exception cref="LibvirtException">The XML is invalid, or the name is in use.</exception>
    ILibvirtDomain DefineDomain(string xml, bool validate = false);

    /// <summary>Gets the host's PCI device at an address (<c>virsh nodedev-info pci_0000_01_00_0</c>, <c>virNodeDeviceLookupByName</c>).</summary>
    /// <param name="address">Its address.</param>
    /// <exception cref="LibvirtException">It does not exist (<see cref="LibvirtErrorCode.NoNodeDevice"/>), or libvirt does not answer.</exception>
    ILibvirtNodeDevice GetNodeDevice(PciAddress address);

    /// <summary>Gets the host's device with a name (<c>virsh nodedev-info NAME</c>, <c>virNodeDeviceLookupByName</c>).</summary>
    /// <param name="name">libvirt's name for it.</param>
    /// <exception cref="LibvirtException">It does not exist (<see cref="LibvirtErrorCode.NoNodeDevice"/>), or libvirt does not answer.</exception>
    ILibvirtNodeDevice GetNodeDevice(string name);

    /// <summary>Gets the host's PCI device at an address, if it exists.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="device">The device, which the caller must dispose of; null if it does not exist.</param>
    /// <returns>Whether it exists.</returns>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    bool TryGetNodeDevice(PciAddress address, [NotNullWhen(true)] out ILibvirtNodeDevice? device);

    /// <summary>Gets the host's device with a name, if it exists.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="device">The device, which the caller must dispose of; null if it does not exist.</param>
    /// <returns>Whether it exists.</returns>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    bool TryGetNodeDevice(string name, [NotNullWhen(true)] out ILibvirtNodeDevice? device);

    /// <summary>Lists the host's devices (<c>virsh nodedev-list</c>, <c>virConnectListAllNodeDevices</c>), in no particular order.</summary>
    /// <param name="kinds">The kinds of devices to list.</param>
    /// <param name="states">The states of devices to list.</param>
    /// <returns>The list; the caller must dispose of each item.</returns>
    /// <exception cref="LibvirtException">
    /// libvirt does not know a kind or a state (<see cref="LibvirtErrorCode.InvalidArg"/>), or does not answer.
    /// </exception>
    ValueList<ILibvirtNodeDevice> GetNodeDevices(NodeDeviceKinds kinds = NodeDeviceKinds.Pci, NodeDeviceStates states = NodeDeviceStates.Any);

    /// <summary>
    /// Creates a device that lasts until it is destroyed or the host restarts: a mediated device, or a virtual port of a Fibre Channel adapter
    /// (<c>virsh nodedev-create FILE</c>, <c>virNodeDeviceCreateXML</c>).
    /// </summary>
    /// <param name="xml">The device's XML, which names its parent.</param>
    /// <param name="validate">Whether the XML must conform to libvirt's schema (<c>--validate</c>, libvirt 8.10).</param>
    /// <returns>The device, which the caller must dispose of.</returns>
    /// <exception cref="LibvirtException">The XML is invalid, or the parent cannot create the device.</exception>
    ILibvirtNodeDevice CreateNodeDevice(string xml, bool validate = false);

    /// <summary>Defines a mediated device, which is not started (<c>virsh nodedev-define FILE</c>, <c>virNodeDeviceDefineXML</c>).</summary>
    /// <param name="xml">The device's XML, which names its parent. If it contains no UUID, libvirt chooses one.</param>
    /// <param name="validate">Whether the XML must conform to libvirt's schema (<c>--validate</c>, libvirt 8.10).</param>
    /// <returns>The device, which the caller must dispose of.</returns>
    /// <exception cref="LibvirtException">The XML is invalid, the parent cannot create the device, or the driver does not support definitions.</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 7.3.</exception>
    ILibvirtNodeDevice DefineNodeDevice(string xml, bool validate = false);

    /// <summary>
    /// Reads the descriptions of all networks, active or not (<c>virsh net-list --all</c>, <c>net-dumpxml</c>; <c>virConnectListAllNetworks</c>,
    /// <c>virNetworkGetXMLDesc</c>).
    /// </summary>
    /// <returns>One <c>&lt;network&gt;</c> document for each network; empty if the connection has no driver for networks.</returns>
    /// <exception cref="LibvirtException">libvirt does not answer.</exception>
    ValueList<string> GetNetworkDescriptions();

    /// <summary>Subscribes to the events of all domains and their devices (<c>virsh event</c>, <c>virConnectDomainEventRegisterAny</c>).</summary>
    /// <returns>The subscription, which is active when the method returns. The caller must dispose of it.</returns>
    /// <exception cref="LibvirtConnectionLostException">The connection is lost.</exception>
    /// <exception cref="LibvirtException">The driver does not support events.</exception>
    LibvirtSubscription<LibvirtDomainEvent> SubscribeDomainEvents();

    /// <summary>Subscribes to the events of the host's devices (<c>virsh nodedev-event</c>, <c>virConnectNodeDeviceEventRegisterAny</c>).</summary>
    /// <returns>The subscription, which is active when the method returns. The caller must dispose of it.</returns>
    /// <exception cref="LibvirtConnectionLostException">The connection is lost.</exception>
    /// <exception cref="LibvirtException">The driver does not support events.</exception>
    LibvirtSubscription<LibvirtNodeDeviceEvent> SubscribeNodeDeviceEvents();
}
