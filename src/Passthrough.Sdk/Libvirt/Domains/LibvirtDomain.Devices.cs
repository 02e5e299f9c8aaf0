using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>Changing its devices, and asking its guest.</content>
internal sealed partial class LibvirtDomain
{
    /// <inheritdoc/>
    public void SetMetadata(string namespaceUri, string prefix, string? element, DeviceAffect affect)
    {
        NativeText.Check(namespaceUri);
        NativeText.Check(prefix);
        if (element is not null)
        {
            NativeText.Check(element);
        }

        const int Element = 2; // VIR_DOMAIN_METADATA_ELEMENT
        Ensure.Success(LibVirt.virDomainSetMetadata(_handle, Element, element, prefix, namespaceUri, (uint)affect), _handle, "cannot change the metadata of domain", Name);
    }

    /// <inheritdoc/>
    public void AttachDevice(string xml, DeviceAffect affect)
    {
        NativeText.Check(xml);
        Ensure.Success(LibVirt.virDomainAttachDeviceFlags(_handle, xml, (uint)affect), _handle, "cannot attach a device to domain", Name);
        _logger.DeviceAction(Name, "attached", affect, xml);
    }

    /// <inheritdoc/>
    public void DetachDevice(string xml, DeviceAffect affect)
    {
        NativeText.Check(xml);
        Ensure.Success(LibVirt.virDomainDetachDeviceFlags(_handle, xml, (uint)affect), _handle, "cannot detach a device from domain", Name);
        _logger.DeviceAction(Name, "detached", affect, xml);
    }

    /// <inheritdoc/>
    public void DetachDeviceAlias(string alias, DeviceAffect affect)
    {
        NativeText.Check(alias);
        Ensure.Success(LibVirt.virDomainDetachDeviceAlias(_handle, alias, (uint)affect), _handle, "cannot detach a device from domain", Name);
        _logger.DeviceAction(Name, "detached", affect, alias);
    }

    /// <inheritdoc/>
    public void UpdateDevice(string xml, DeviceAffect affect)
    {
        NativeText.Check(xml);
        Ensure.Success(LibVirt.virDomainUpdateDeviceFlags(_handle, xml, (uint)affect), _handle, "cannot change a device of domain", Name);
        _logger.DeviceAction(Name, "changed", affect, xml);
    }

    /// <inheritdoc/>
    public string QemuAgentCommand(string command, int timeoutSeconds)
    {
        NativeText.Check(command);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeoutSeconds, 1);
        LibvirtRuntime.EnsureQemu();
        return Ensure.Text(LibVirt.virDomainQemuAgentCommand(_handle, command, timeoutSeconds, 0), _handle, "cannot ask the guest agent of domain", Name);
    }
}
