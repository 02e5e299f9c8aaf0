using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A domain of libvirt, held by its handle.</summary>
internal sealed partial class LibvirtDomain : ILibvirtDomain, INativeObject
{
    private readonly DomainHandle _handle;
    private readonly ILogger _logger;

    internal unsafe LibvirtDomain(DomainHandle handle, ILibvirtConnection connection, ILogger logger)
    {
        var uuid = stackalloc byte[16];
        _handle = handle;
        _logger = logger;
        Connection = connection;
        Name = Ensure.Text(LibVirt.virDomainGetName(handle), handle, "cannot read the name of", "a domain");
        Ensure.Success(LibVirt.virDomainGetUUID(handle, uuid), handle, "cannot read the UUID of domain", Name);
        Uuid = new Guid(new ReadOnlySpan<byte>(uuid, 16), bigEndian: true);
    }

    /// <inheritdoc/>
    public ILibvirtConnection Connection { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Guid Uuid { get; }

    VirHandle INativeObject.NativeHandle => _handle;

    /// <inheritdoc/>
    public DomainState GetState()
    {
        Ensure.Success(LibVirt.virDomainGetState(_handle, out var state, out _, 0), _handle, "cannot read the state of domain", Name);
        return (DomainState)state;
    }

    /// <inheritdoc/>
    public bool IsActive() => Ensure.Answer(LibVirt.virDomainIsActive(_handle), _handle, "cannot read the state of domain", Name);

    /// <inheritdoc/>
    public bool IsPersistent() => Ensure.Answer(LibVirt.virDomainIsPersistent(_handle), _handle, "cannot read the state of domain", Name);

    /// <inheritdoc/>
    public bool HasManagedSaveImage()
    {
        var answer = LibVirt.virDomainHasManagedSaveImage(_handle, 0);
        if (answer >= 0)
        {
            return answer > 0;
        }

        var error = NativeError.Capture(_handle);
        return error.Code == LibvirtErrorCode.NoSupport ? false : throw error.ToException("cannot read whether there is a managed save image of domain", Name);
    }

    /// <inheritdoc/>
    public string GetXml(DomainXmlOptions options = DomainXmlOptions.None) =>
        Ensure.Text(LibVirt.virDomainGetXMLDesc(_handle, (uint)options), _handle, "cannot read the definition of domain", Name);

    /// <inheritdoc/>
    public unsafe ValueList<string>? GetMessages()
    {
        if (!LibvirtRuntime.Has(nameof(LibVirt.virDomainGetMessages)))
        {
            return null;
        }

        var count = LibVirt.virDomainGetMessages(_handle, out var array, 0);
        if (count >= 0)
        {
            return [.. NativeArray.Take(array, count, Utf8.Take)];
        }

        var error = NativeError.Capture(_handle);
        return error.Code == LibvirtErrorCode.NoSupport ? null : throw error.ToException("cannot read the messages of domain", Name);
    }

    /// <inheritdoc/>
    public void Start(DomainStartOptions options = DomainStartOptions.None)
    {
        Ensure.Success(LibVirt.virDomainCreateWithFlags(_handle, (uint)options), _handle, "cannot start domain", Name);
        _logger.DomainAction(Name, "started");
    }

    /// <inheritdoc/>
    public void Destroy(bool graceful = false)
    {
        Ensure.Success(
            LibVirt.virDomainDestroyFlags(_handle, graceful ? NativeFlags.DomainDestroyGraceful : 0), _handle, "cannot destroy domain", Name);
        _logger.DomainAction(Name, "destroyed");
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        Ensure.Success(LibVirt.virDomainShutdownFlags(_handle, 0), _handle, "cannot shut down domain", Name);
        _logger.DomainAction(Name, "shutdown requested");
    }

    /// <inheritdoc/>
    public void Undefine(DomainUndefineOptions options = DomainUndefineOptions.None)
    {
        Ensure.Success(LibVirt.virDomainUndefineFlags(_handle, (uint)options), _handle, "cannot undefine domain", Name);
        _logger.DomainAction(Name, "undefined");
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
