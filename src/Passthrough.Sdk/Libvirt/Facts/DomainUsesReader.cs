using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <summary>
/// Reads which PCI functions of the host the domains of a connection have, and which the persistent definitions ask for: those of running
/// domains and of those that are shut off.
/// </summary>
internal sealed class DomainUsesReader(ILibvirtConnection connection, HostDevicePaths? paths)
{
    private readonly List<DomainDeviceUse> _uses = new List<DomainDeviceUse>();
    private readonly List<DomainMediatedUse> _mediated = [];
    private Dictionary<string, ValueList<PciAddress>>? _pools;

    /// <summary>Asks libvirt (<c>virsh list --all</c>, <c>dumpxml</c> with and without <c>--inactive</c>, <c>net-dumpxml</c>).</summary>
    /// <param name="connection">The connection; a read-only one is enough.</param>
    /// <param name="paths">The files of the host that the connection leads to; null if they are out of reach.</param>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    /// <exception cref="LibvirtXmlException">A domain's XML cannot be read.</exception>
    public static ValueList<DomainDeviceUse> Read(ILibvirtConnection connection, HostDevicePaths? paths) => ReadAll(connection, paths).Functions;

    /// <summary>Asks likewise, and also for the mediated devices, which need not belong to a PCI function.</summary>
    /// <param name="connection">The connection; a read-only one is enough.</param>
    /// <param name="paths">The files of the host that the connection leads to; null if they are out of reach.</param>
    public static (ValueList<DomainDeviceUse> Functions, ValueList<DomainMediatedUse> Mediated) ReadAll(ILibvirtConnection connection, HostDevicePaths? paths) =>
        new DomainUsesReader(connection, paths).Read();

    private (ValueList<DomainDeviceUse> Functions, ValueList<DomainMediatedUse> Mediated) Read()
    {
        foreach (var domain in connection.GetDomains())
        {
            using (domain)
            {
                try
                {
                    if (domain.IsActive())
                    {
                        Add(domain.Name, domain.GetXml(), isRunning: true);
                    }

                    if (domain.IsPersistent())
                    {
                        Add(domain.Name, domain.GetXml(DomainXmlOptions.Inactive), isRunning: false);
                    }
                }
                catch (LibvirtException e) when (e.Code == LibvirtErrorCode.NoDomain)
                {
                    // It went away between the list and the question: it has nothing any more.
                }
            }
        }

        return (_uses.ToValueList(), _mediated.ToValueList());
    }

    private void Add(string domain, string xml, bool isRunning)
    {
        var root = XmlTree.Parse(xml).Root;
        foreach (var use in HostUses.Read(root))
        {
            if (use is { Type: "mdev", Path: { } path } && Guid.TryParse(path.AsSpan(path.TrimEnd('/').LastIndexOf('/') + 1).TrimEnd('/'), out var uuid)
                && new DomainMediatedUse(domain, uuid, isRunning) is var mediated && !_mediated.Contains(mediated))
            {
                _mediated.Add(mediated);
            }

            if ((paths is null ? use.Address : paths.FunctionOf(use)) is { } function)
            {
                Add(new() { Domain = domain, Device = function, IsRunning = isRunning, Form = use.Form, Part = use.Type == "mdev" ? use.Path : null, UsesIommufd = use.UsesIommufd, IsIndirect = use.Type != "pci", IsManaged = use.Managed });
            }
        }

        // What a running domain has open of a disk or an interface is seen on the host; its definition says what its next start needs.
        foreach (var (form, name) in isRunning ? [] : HostUses.Parts(root))
        {
            foreach (var function in paths is null ? [] : form == HostUseForm.Disk ? paths.FunctionsOfNode(name) : paths.FunctionsOfInterface(name))
            {
                Add(new() { Domain = domain, Device = function, IsRunning = false, Form = form, Part = name, IsIndirect = true });
            }
        }

        // What a running domain got of a pool stands in its own XML.
        foreach (var network in isRunning ? [] : HostUses.Networks(root))
        {
            foreach (var function in (_pools ??= ReadPools()).GetValueOrDefault(network, []))
            {
                Add(new() { Domain = domain, Device = function, IsRunning = false, Form = HostUseForm.Interface, Network = network, IsIndirect = true });
            }
        }
    }

    private void Add(DomainDeviceUse use)
    {
        if (!_uses.Contains(use))
        {
            _uses.Add(use);
        }
    }

    private ValueList<string> Networks()
    {
        try
        {
            return connection.GetNetworkDescriptions();
        }
        catch (LibvirtException)
        {
            // Where the service for networks does not answer, no domain that needs one of them starts either.
            return [];
        }
    }

    private Dictionary<string, ValueList<PciAddress>> ReadPools()
    {
        var pools = new Dictionary<string, ValueList<PciAddress>>(StringComparer.Ordinal);
        foreach (var xml in Networks())
        {
            var network = NetworkDocument.Parse(xml);
            if (network is { Name: { } name, Pool: { } pool })
            {
                pools[name] = paths?.FunctionsOf(pool) ?? [.. pool.Functions.Select(function => function.Address)];
            }
        }

        return pools;
    }
}
