using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>Finding and defining domains.</content>
public sealed partial class LibvirtConnection
{
    private const string CannotFindDomain = "cannot find domain";

    /// <summary>The domain of this name (<c>virsh dominfo NAME</c>, <c>virDomainLookupByName</c>).</summary>
    /// <param name="name">Its name, as it is.</param>
    /// <exception cref="LibvirtException">There is none (<see cref="LibvirtErrorCode.NoDomain"/>), or libvirt cannot tell.</exception>
    public LibvirtDomain Domain(string name)
    {
        NativeText.Check(name);
        return Wrap(Ensure.Handle(LibVirt.virDomainLookupByName(_handle, name), CannotFindDomain, name));
    }

    /// <summary>The domain of this UUID (<c>virDomainLookupByUUID</c>).</summary>
    /// <param name="uuid">Its UUID.</param>
    /// <exception cref="LibvirtException">There is none (<see cref="LibvirtErrorCode.NoDomain"/>), or libvirt cannot tell.</exception>
    public LibvirtDomain Domain(Guid uuid) => Wrap(Ensure.Handle(LookUp(uuid), CannotFindDomain, uuid.ToString()));

    /// <summary>The domain of this name, or null when there is none.</summary>
    /// <param name="name">Its name, as it is.</param>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    public LibvirtDomain? TryFindDomain(string name)
    {
        NativeText.Check(name);
        var handle = Ensure.HandleOrNull(LibVirt.virDomainLookupByName(_handle, name), LibvirtErrorCode.NoDomain, CannotFindDomain, name);
        return handle is null ? null : Wrap(handle);
    }

    /// <summary>The domain of this UUID, or null when there is none.</summary>
    /// <param name="uuid">Its UUID.</param>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    public LibvirtDomain? TryFindDomain(Guid uuid)
    {
        var handle = Ensure.HandleOrNull(LookUp(uuid), LibvirtErrorCode.NoDomain, CannotFindDomain, uuid.ToString());
        return handle is null ? null : Wrap(handle);
    }

    /// <summary>All domains, running or not (<c>virsh list --all</c>, <c>virConnectListAllDomains</c>), in no particular order.</summary>
    /// <returns>Each is the caller's to dispose of.</returns>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    public unsafe IReadOnlyList<LibvirtDomain> Domains()
    {
        var count = Ensure.Success(LibVirt.virConnectListAllDomains(_handle, out var array, 0), "cannot list the domains of", Uri);
        return Array.ConvertAll(NativeArray.Take(array, count, pointer => new DomainHandle(pointer)), Wrap);
    }

    /// <summary>
    /// Makes a domain persistent, or replaces the definition of the one with the same name and UUID
    /// (<c>virsh define FILE</c>, <c>virDomainDefineXMLFlags</c>). A running one keeps running as it is.
    /// </summary>
    /// <param name="xml">The domain's XML.</param>
    /// <param name="validate">Whether the XML must fit libvirt's schema (<c>--validate</c>).</param>
    /// <exception cref="LibvirtException">The XML is wrong, or the name is taken.</exception>
    public LibvirtDomain DefineDomain(string xml, bool validate = false)
    {
        NativeText.Check(xml);
        var flags = validate ? NativeFlags.DomainDefineValidate : 0;
        var domain = Wrap(Ensure.Handle(LibVirt.virDomainDefineXMLFlags(_handle, xml, flags), "cannot define a domain at", Uri));
        _logger.DomainAction(domain.Name, "defined");
        return domain;
    }

    private unsafe DomainHandle LookUp(Guid uuid)
    {
        var bytes = stackalloc byte[16];
        _ = uuid.TryWriteBytes(new Span<byte>(bytes, 16), bigEndian: true, out _);
        return LibVirt.virDomainLookupByUUID(_handle, bytes);
    }

    private LibvirtDomain Wrap(DomainHandle handle) => new(handle, this, _logger);
}
