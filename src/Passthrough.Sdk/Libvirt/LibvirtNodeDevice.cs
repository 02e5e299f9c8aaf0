using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A device of the host in libvirt, held by its handle.</summary>
internal sealed class LibvirtNodeDevice : ILibvirtNodeDevice, INativeObject
{
    private const string CannotReadState = "cannot read the state of node device";

    /// <summary>The version of libvirt that brought definitions of node devices.</summary>
    internal static readonly Version WithDefinitions = new(7, 3, 0);

    /// <summary>The version of libvirt that brought changes of mediated devices.</summary>
    internal static readonly Version WithUpdates = new(10, 1, 0);

    private static readonly Version WithStates = new(7, 8, 0);

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
    public string GetXml(bool inactive = false) => Ensure.Text(
        LibVirt.virNodeDeviceGetXMLDesc(_handle, inactive ? NativeFlags.NodeDeviceXmlInactive : 0), _handle, "cannot read the description of node device", Name);

    /// <inheritdoc/>
    public unsafe ValueList<string> GetCapabilities()
    {
        const string cannot = "cannot read the capabilities of node device";
        var room = Ensure.Success(LibVirt.virNodeDeviceNumOfCaps(_handle), _handle, cannot, Name) + 1;
        while (true)
        {
            var names = new nint[room];
            int count;
            fixed (nint* array = names)
            {
                count = Ensure.Success(LibVirt.virNodeDeviceListCaps(_handle, array, room), _handle, cannot, Name);
            }

            var capabilities = Array.ConvertAll(names[..count], Utf8.Take);
            if (count < room)
            {
                return [.. capabilities];
            }

            // The device got more of them in between: a full array may have left some out.
            room *= 2;
        }
    }

    /// <inheritdoc/>
    public bool IsActive()
    {
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceIsActive), WithStates);
        return Ensure.Answer(LibVirt.virNodeDeviceIsActive(_handle), _handle, CannotReadState, Name);
    }

    /// <inheritdoc/>
    public bool IsPersistent()
    {
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceIsPersistent), WithStates);
        return Ensure.Answer(LibVirt.virNodeDeviceIsPersistent(_handle), _handle, CannotReadState, Name);
    }

    /// <inheritdoc/>
    public bool GetAutostart()
    {
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceGetAutostart), WithStates);
        Ensure.Success(LibVirt.virNodeDeviceGetAutostart(_handle, out var autostart), _handle, CannotReadState, Name);
        return autostart != 0;
    }

    /// <inheritdoc/>
    public void SetAutostart(bool autostart)
    {
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceSetAutostart), WithStates);
        Ensure.Success(LibVirt.virNodeDeviceSetAutostart(_handle, autostart ? 1 : 0), _handle, "cannot set the autostart of node device", Name);
        _logger.NodeDeviceAction(Name, autostart ? "autostart enabled" : "autostart disabled");
    }

    /// <inheritdoc/>
    public void Start()
    {
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceCreate), WithDefinitions);
        Ensure.Success(LibVirt.virNodeDeviceCreate(_handle, 0), _handle, "cannot start node device", Name);
        _logger.NodeDeviceAction(Name, "started");
    }

    /// <inheritdoc/>
    public void Destroy()
    {
        Ensure.Success(LibVirt.virNodeDeviceDestroy(_handle), _handle, "cannot destroy node device", Name);
        _logger.NodeDeviceAction(Name, "destroyed");
    }

    /// <inheritdoc/>
    public void Undefine()
    {
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceUndefine), WithDefinitions);
        Ensure.Success(LibVirt.virNodeDeviceUndefine(_handle, 0), _handle, "cannot undefine node device", Name);
        _logger.NodeDeviceAction(Name, "undefined");
    }

    /// <inheritdoc/>
    public void Update(string xml, DeviceAffect affect = DeviceAffect.Current)
    {
        NativeText.Check(xml);
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceUpdate), WithUpdates);
        Ensure.Success(LibVirt.virNodeDeviceUpdate(_handle, xml, (uint)affect), _handle, "cannot update node device", Name);
        _logger.NodeDeviceAction(Name, "updated");
    }

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

    VirHandle INativeObject.NativeHandle => _handle;

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
