namespace Passthrough.Sdk.Libvirt;

/// <summary>A domain: a virtual machine, running or only defined.</summary>
/// <remarks>
/// <para>
/// This is a reference: disposing of it leaves the domain as it is. libvirt's own keeps the connection to the daemon open until
/// it is disposed of or finalised.
/// </para>
/// <para>
/// Thread safety: all members of libvirt's own may be called from several threads at once; each blocks until libvirt answers.
/// libvirt lets one change of a domain through at a time.
/// </para>
/// </remarks>
public interface ILibvirtDomain : IDisposable
{
    /// <summary>Gets the connection it was found through.</summary>
    ILibvirtConnection Connection { get; }

    /// <summary>Gets its name when it was looked up (<c>virDomainGetName</c>).</summary>
    string Name { get; }

    /// <summary>Gets its UUID (<c>virsh domuuid</c>, <c>virDomainGetUUID</c>).</summary>
    Guid Uuid { get; }

    /// <summary>Reads its state (<c>virsh domstate</c>, <c>virDomainGetState</c>).</summary>
    /// <exception cref="LibvirtException">The domain does not exist any more.</exception>
    DomainState GetState();

    /// <summary>Reads whether it runs, paused or not (<c>virDomainIsActive</c>).</summary>
    /// <exception cref="LibvirtException">The domain does not exist any more.</exception>
    bool IsActive();

    /// <summary>Reads whether it has a definition that outlives its run (<c>virDomainIsPersistent</c>).</summary>
    /// <exception cref="LibvirtException">The domain does not exist any more.</exception>
    bool IsPersistent();

    /// <summary>Reads its description (<c>virsh dumpxml</c>, <c>virDomainGetXMLDesc</c>).</summary>
    /// <param name="options">Which description.</param>
    /// <exception cref="LibvirtException">The domain does not exist any more, or the connection is read-only and secrets were asked for.</exception>
    string GetXml(DomainXmlOptions options = DomainXmlOptions.None);

    /// <summary>
    /// Reads what libvirt warns of in this domain: tainted by unusual settings, deprecated features (<c>virsh dominfo</c>,
    /// <c>virDomainGetMessages</c>). In libvirt's words and language.
    /// </summary>
    /// <returns>Null where libvirt is older than 7.1 or the driver does not say.</returns>
    /// <exception cref="LibvirtException">The domain does not exist any more.</exception>
    IReadOnlyList<string>? GetMessages();

    /// <summary>Starts it (<c>virsh start</c>, <c>virDomainCreateWithFlags</c>). Managed host devices are taken from the host's drivers.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="LibvirtException">
    /// It runs already; <see cref="LibvirtErrorCode.ConfigUnsupported"/> where the host cannot pass devices through;
    /// <see cref="LibvirtErrorCode.InternalError"/> with QEMU's text where the emulator refused.
    /// </exception>
    void Start(DomainStartOptions options = DomainStartOptions.None);

    /// <summary>Ends it at once (<c>virsh destroy</c>, <c>virDomainDestroyFlags</c>). Managed host devices go back to the host's drivers.</summary>
    /// <param name="graceful">Whether the emulator gets a chance to write its caches; then it may not end at all (<c>--graceful</c>).</param>
    /// <exception cref="LibvirtException">It does not run.</exception>
    void Destroy(bool graceful = false);

    /// <summary>Asks the guest to shut down (<c>virsh shutdown</c>, <c>virDomainShutdownFlags</c>) and returns; the guest may take its time, or not listen.</summary>
    /// <exception cref="LibvirtException">It does not run.</exception>
    void Shutdown();

    /// <summary>Removes its definition (<c>virsh undefine</c>, <c>virDomainUndefineFlags</c>); a running one goes on until it ends.</summary>
    /// <param name="options">What goes with it.</param>
    /// <exception cref="LibvirtException">It has none, or something that <paramref name="options"/> must decide on.</exception>
    void Undefine(DomainUndefineOptions options = DomainUndefineOptions.None);

    /// <summary>Adds a device (<c>virsh attach-device</c>, <c>virDomainAttachDeviceFlags</c>).</summary>
    /// <param name="xml">The device's XML, <c>&lt;hostdev …&gt;</c>.</param>
    /// <param name="affect">The running domain, its definition, or both; libvirt does both or neither.</param>
    /// <exception cref="LibvirtException">
    /// It does not run and <see cref="DeviceAffect.Live"/> was asked for, the device is in use, or the host or the emulator refuses.
    /// </exception>
    void AttachDevice(string xml, DeviceAffect affect);

    /// <summary>Removes a device (<c>virsh detach-device</c>, <c>virDomainDetachDeviceFlags</c>).</summary>
    /// <param name="xml">The device's XML; libvirt looks for the device that fits it.</param>
    /// <param name="affect">What it applies to.</param>
    /// <remarks>
    /// <para>
    /// For a running domain success means that the guest was asked: it has to agree. libvirt waits a few seconds for that and
    /// then returns all the same.
    /// </para>
    /// <para>Whether the device has gone is what <see cref="LibvirtDomainExtensions.WatchDeviceRemoval"/> says, or <see cref="GetXml"/> afterwards.</para>
    /// </remarks>
    /// <exception cref="LibvirtException">No such device (<see cref="LibvirtErrorCode.DeviceMissing"/>), or the guest refuses.</exception>
    void DetachDevice(string xml, DeviceAffect affect);

    /// <summary>Removes the device of this alias (<c>virsh detach-device-alias</c>, <c>virDomainDetachDeviceAlias</c>), never waiting for the guest.</summary>
    /// <param name="alias">The device's alias in the live XML, <c>hostdev0</c> or the user's own <c>ua-nic</c>.</param>
    /// <param name="affect">What it applies to.</param>
    /// <exception cref="LibvirtException">No device has this alias, or it is being unplugged already.</exception>
    void DetachDeviceAlias(string alias, DeviceAffect affect);

    /// <summary>Changes a device in place (<c>virsh update-device</c>, <c>virDomainUpdateDeviceFlags</c>), as far as the hypervisor can.</summary>
    /// <param name="xml">The device's XML as it is to be.</param>
    /// <param name="affect">What it applies to.</param>
    /// <exception cref="LibvirtException">No such device, or it cannot be changed so.</exception>
    void UpdateDevice(string xml, DeviceAffect affect);
}
