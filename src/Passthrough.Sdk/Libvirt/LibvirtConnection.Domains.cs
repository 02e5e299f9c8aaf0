using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>Finding and defining domains.</content>
public sealed partial class LibvirtConnection
{
    private const string CannotFindDomain = "cannot find domain";

    /// <inheritdoc/>
    public ILibvirtDomain GetDomain(string name)
    {
        NativeText.Check(name);
        return Wrap(Ensure.Handle(LibVirt.virDomainLookupByName(Handle, name), Handle, CannotFindDomain, name));
    }

    /// <inheritdoc/>
    public ILibvirtDomain GetDomain(Guid uuid) => Wrap(Ensure.Handle(LookUp(uuid), Handle, CannotFindDomain, uuid.ToString()));

    /// <inheritdoc/>
    public bool TryGetDomain(string name, [NotNullWhen(true)] out ILibvirtDomain? domain)
    {
        NativeText.Check(name);
        var handle = Ensure.HandleOrNull(LibVirt.virDomainLookupByName(Handle, name), Handle, LibvirtErrorCode.NoDomain, CannotFindDomain, name);
        domain = handle is null ? null : Wrap(handle);
        return domain is not null;
    }

    /// <inheritdoc/>
    public bool TryGetDomain(Guid uuid, [NotNullWhen(true)] out ILibvirtDomain? domain)
    {
        var handle = Ensure.HandleOrNull(LookUp(uuid), Handle, LibvirtErrorCode.NoDomain, CannotFindDomain, uuid.ToString());
        domain = handle is null ? null : Wrap(handle);
        return domain is not null;
    }

    /// <inheritdoc/>
    public unsafe ValueList<ILibvirtDomain> GetDomains()
    {
        var count = Ensure.Success(LibVirt.virConnectListAllDomains(Handle, out var array, 0), Handle, "cannot list the domains of", Uri);
        return [.. Array.ConvertAll(NativeArray.Take(array, count, pointer => new DomainHandle(pointer)), Wrap)];
    }

    /// <inheritdoc/>
    public ILibvirtDomain DefineDomain(string xml, bool validate = false)
    {
        NativeText.Check(xml);
        var flags = validate ? NativeFlags.DomainDefineValidate : 0;
        var domain = Wrap(Ensure.Handle(LibVirt.virDomainDefineXMLFlags(Handle, xml, flags), Handle, "cannot define a domain at", Uri));
        _logger.DomainAction(domain.Name, "defined");
        return domain;
    }

    private unsafe DomainHandle LookUp(Guid uuid)
    {
        var bytes = stackalloc byte[16];
        _ = uuid.TryWriteBytes(new Span<byte>(bytes, 16), bigEndian: true, out _);
        return LibVirt.virDomainLookupByUUID(Handle, bytes);
    }

    private ILibvirtDomain Wrap(DomainHandle handle)
    {
        handle.BelongsTo(Handle);
        return new LibvirtDomain(handle, this, _logger);
    }
}
