using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A libvirt domain: a virtual machine that is running or only defined.</summary>
/// <remarks>
/// <para>
/// This is a reference: disposing of it does not change the domain. It keeps the connection to the daemon open until
/// it is disposed of or finalised.
/// </para>
/// <para>
/// Thread safety: all members may be called from several threads at the same time; each blocks until libvirt answers.
/// libvirt processes one change of a domain at a time.
/// </para>
/// </remarks>
public interface ILibvirtDomain : IDisposable
{
    /// <summary>Gets the connection through which the domain was found.</summary>
    ILibvirtConnection Connection { get; }

    /// <summary>Gets its name when it was looked up (<c>virDomainGetName</c>).</summary>
    string Name { get; }

    /// <summary>Gets its UUID (<c>virsh domuuid</c>, <c>virDomainGetUUID</c>).</summary>
    Guid Uuid { get; }

    /// <summary>Reads its state (<c>virsh domstate</c>, <c>virDomainGetState</c>).</summary>
    /// <exception cref="LibvirtException">The domain no longer exists.</exception>
    DomainState GetState();

    /// <summary>Reads whether it is running, paused or not (<c>virDomainIsActive</c>).</summary>
    /// <exception cref="LibvirtException">The domain no longer exists.</exception>
    bool IsActive();

    /// <summary>Reads whether it has a persistent definition (<c>virDomainIsPersistent</c>).</summary>
    /// <exception cref="LibvirtException">The domain no longer exists.</exception>
    bool IsPersistent();

    /// <summary>
    /// Reads whether it has a managed save image (<c>virsh managedsave</c>, <c>virDomainHasManagedSaveImage</c>). Its next start continues from the image, with
    /// the devices that it had when it was saved; its definition counts again when the image is gone.
    /// </summary>
    /// <returns>Whether it has one; false also if the driver does not support managed save.</returns>
    /// <exception cref="LibvirtException">The domain no longer exists, or libvirt does not answer.</exception>
    bool HasManagedSaveImage();

    /// <summary>Reads its description (<c>virsh dumpxml</c>, <c>virDomainGetXMLDesc</c>).</summary>
    /// <param name="options">The options that select the description.</param>
    /// <exception cref="LibvirtException">The domain no longer exists, or the connection is read-only and secrets were requested.</exception>
    string GetXml(DomainXmlOptions options = DomainXmlOptions.None);

    /// <summary>
    /// Reads libvirt's warnings about the domain: tainted by unusual settings, deprecated features (<c>virsh dominfo</c>,
    /// <c>virDomainGetMessages</c>). The texts are libvirt's own, in its language.
    /// </summary>
    /// <returns>The warnings; null if libvirt is older than 7.1 or the driver does not support this.</returns>
    /// <exception cref="LibvirtException">The domain no longer exists.</exception>
    ValueList<string>? GetMessages();

    /// <summary>Starts it (<c>virsh start</c>, <c>virDomainCreateWithFlags</c>). Managed host devices are taken from the host's drivers.</summary>
    /// <param name="options">The options for starting the domain.</param>
    /// <exception cref="LibvirtException">
    /// It is already running; <see cref="LibvirtErrorCode.ConfigUnsupported"/> if the host does not support passthrough;
    /// <see cref="LibvirtErrorCode.InternalError"/> with QEMU's text if the emulator refused.
    /// </exception>
    void Start(DomainStartOptions options = DomainStartOptions.None);

    /// <summary>Ends it at once (<c>virsh destroy</c>, <c>virDomainDestroyFlags</c>). Managed host devices are returned to the host's drivers.</summary>
    /// <param name="graceful">Whether the emulator is asked to end, so that it can write its caches; it may then not end at all (<c>--graceful</c>).</param>
    /// <exception cref="LibvirtException">It is not running.</exception>
    void Destroy(bool graceful = false);

    /// <summary>Asks the guest to shut down (<c>virsh shutdown</c>, <c>virDomainShutdownFlags</c>) and returns at once. The guest may take some time, or ignore the request.</summary>
    /// <exception cref="LibvirtException">It is not running.</exception>
    void Shutdown();

    /// <summary>Removes its definition (<c>virsh undefine</c>, <c>virDomainUndefineFlags</c>); a running domain continues until it ends.</summary>
    /// <param name="options">The options that select what is removed with the domain.</param>
    /// <exception cref="LibvirtException">It has no definition, or something that <paramref name="options"/> must specify.</exception>
    void Undefine(DomainUndefineOptions options = DomainUndefineOptions.None);

    /// <summary>
    /// Replaces or removes the element of a namespace in the domain's metadata (<c>virsh metadata DOMAIN --uri URI --key PREFIX --set XML</c>,
    /// <c>virDomainSetMetadata</c> with VIR_DOMAIN_METADATA_ELEMENT). libvirt keeps one element of each namespace, and interprets none.
    /// </summary>
    /// <param name="namespaceUri">The namespace.</param>
    /// <param name="prefix">The prefix that the namespace gets in the domain's XML.</param>
    /// <param name="element">The element without namespace and prefix, which libvirt adds; null to remove it, which succeeds also if the domain does not have it.</param>
    /// <param name="affect">The running domain, its definition, or both.</param>
    /// <exception cref="LibvirtException">The element is not well-formed, or the domain has no such state.</exception>
    void SetMetadata(string namespaceUri, string prefix, string? element, DeviceAffect affect);

    /// <summary>Adds a device (<c>virsh attach-device</c>, <c>virDomainAttachDeviceFlags</c>).</summary>
    /// <param name="xml">The device's XML, <c>&lt;hostdev …&gt;</c>.</param>
    /// <param name="affect">The running domain, its definition, or both; libvirt changes both or neither.</param>
    /// <exception cref="LibvirtException">
    /// It is not running although <see cref="DeviceAffect.Live"/> was requested, the device is in use, or the host or the emulator
    /// refuses it.
    /// </exception>
    void AttachDevice(string xml, DeviceAffect affect);

    /// <summary>Removes a device (<c>virsh detach-device</c>, <c>virDomainDetachDeviceFlags</c>).</summary>
    /// <param name="xml">The device's XML; libvirt searches for the matching device.</param>
    /// <param name="affect">The running domain, its definition, or both.</param>
    /// <remarks>
    /// <para>
    /// For a running domain, success means only that the guest was asked to release the device. libvirt waits a few seconds for its
    /// answer and then returns in any case.
    /// </para>
    /// <para>To find out whether the device was removed, use <see cref="LibvirtDomainExtensions.WatchDeviceRemoval"/>, or <see cref="GetXml"/> afterwards.</para>
    /// </remarks>
    /// <exception cref="LibvirtException">There is no such device (<see cref="LibvirtErrorCode.DeviceMissing"/>), or the guest refuses.</exception>
    void DetachDevice(string xml, DeviceAffect affect);

    /// <summary>Removes the device with an alias (<c>virsh detach-device-alias</c>, <c>virDomainDetachDeviceAlias</c>) without waiting for the guest.</summary>
    /// <param name="alias">The device's alias in the live XML, <c>hostdev0</c> or a user alias such as <c>ua-nic</c>.</param>
    /// <param name="affect">The running domain, its definition, or both.</param>
    /// <exception cref="LibvirtException">No device has this alias, or it is being unplugged already.</exception>
    void DetachDeviceAlias(string alias, DeviceAffect affect);

    /// <summary>Changes a device in place (<c>virsh update-device</c>, <c>virDomainUpdateDeviceFlags</c>), if the hypervisor supports it.</summary>
    /// <param name="xml">The device's new XML.</param>
    /// <param name="affect">The running domain, its definition, or both.</param>
    /// <exception cref="LibvirtException">There is no such device, or it cannot be changed in this way.</exception>
    void UpdateDevice(string xml, DeviceAffect affect);

    /// <summary>
    /// Sends a command to the agent in the guest and waits for its answer (<c>virsh qemu-agent-command</c>,
    /// <c>virDomainQemuAgentCommand</c>).
    /// </summary>
    /// <param name="command">The command as JSON: <c>{"execute":"guest-ping"}</c> (QEMU: docs/interop/qemu-ga).</param>
    /// <param name="timeoutSeconds">
    /// The time in seconds that the agent may take for its answer, at least 1. libvirt first synchronises with the agent, for which
    /// it waits a few seconds more.
    /// </param>
    /// <returns>The answer as JSON, for example <c>{"return":{}}</c>. The guest wrote it, so do not trust its content.</returns>
    /// <remarks>
    /// <para>
    /// The function is in <c>libvirt-qemu.so.0</c>, a library beside libvirt's own. libvirt marks the domain as tainted (custom-ga-command)
    /// and writes this to its log; nothing else changes. The connection must not be read-only.
    /// </para>
    /// <para><see cref="LibvirtDomainExtensions.ReadGuestPciDevicesAsync"/> asks for the PCI devices that the guest lists.</para>
    /// </remarks>
    /// <exception cref="LibvirtException">
    /// The agent does not answer (<see cref="LibvirtErrorCode.AgentUnresponsive"/>), the domain is not running or has no channel for an agent,
    /// the driver does not support this, or the agent refuses the command: it is not known there, or disabled.
    /// </exception>
    /// <exception cref="LibvirtNotAvailableException">libvirt's library for QEMU is not installed.</exception>
    /// <exception cref="ArgumentException"><paramref name="command"/> is empty or contains a NUL character.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeoutSeconds"/> is less than 1.</exception>
    string QemuAgentCommand(string command, int timeoutSeconds);
}
