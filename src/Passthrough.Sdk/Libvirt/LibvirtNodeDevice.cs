using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A device of the host in libvirt, held by its handle.</summary>
internal sealed class LibvirtNodeDevice : ILibvirtNodeDevice
{
    private readonly NodeDeviceHandle _handle;
    private readonly ILogger _logger;

    internal LibvirtNodeDevice(NodeDeviceHandle handle, ILogger logger)
    {
        _handle = handle;
        _logger = logger;
        Name = Ensure.Text(LibVirt.virNodeDeviceGetName(handle), handle, "cannot read the name of", "a node device");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? GetParent() => Ensure.TextOrNull(
        LibVirt.virNodeDeviceGetParent(_handle),
        _handle,
        LibvirtErrorCode.InternalError, // "no parent for this device"; a device that has gone is NoNodeDevice
        "cannot read the parent of node device",
        Name);

    /// <inheritdoc/>
    public string GetXml() => Ensure.Text(LibVirt.virNodeDeviceGetXMLDesc(_handle, 0), _handle, "cannot read the description of node device", Name);

    /// <inheritdoc/>
    public void Detach(string? driver = null)
    {
        if (driver is not null)
        {
            NativeText.Check(driver);
        }

        Ensure.Success(LibVirt.virNodeDeviceDetachFlags(_handle, driver, 0), _handle, "cannot detach node device", Name);
        _logger.NodeDeviceAction(Name, "detached from its host driver");
    }

    /// <inheritdoc/>
    public void ReAttach()
    {
        Ensure.Success(LibVirt.virNodeDeviceReAttach(_handle), _handle, "cannot reattach node device", Name);
        _logger.NodeDeviceAction(Name, "returned to its host driver");
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Ensure.Success(LibVirt.virNodeDeviceReset(_handle), _handle, "cannot reset node device", Name);
        _logger.NodeDeviceAction(Name, "reset");
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
