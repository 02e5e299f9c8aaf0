using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Libvirt.NodeDevices;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A host as its libvirt describes it: the same snapshot, of a machine whose files are out of reach.</summary>
/// <remarks>
/// <para>
/// libvirt knows of a function its address, class (libvirt 5.2.0), vendor, device, driver, IOMMU group, NUMA node, physical
/// and virtual functions, PCI Express link, vital product data and mediated devices; of what hangs on it network interfaces,
/// disks, SCSI hosts, graphics nodes and USB buses; of the host its processors, memory, maker, and whether it has an IOMMU
/// (on Xen not even that: its driver says no whatever Xen drives).
/// All else is null or unknown: subsystem and revision, BARs, resets, the configuration space, mounts, addresses, kernel
/// parameters, firmware tables, modules.
/// </para>
/// <para>Thread safety: all members may be called at once from several threads.</para>
/// </remarks>
public static class LibvirtHost
{
    private const string NodeDeviceSource = "virNodeDeviceGetXMLDesc";

    /// <summary>
    /// Asks libvirt (<c>virsh nodedev-list</c> and <c>nodedev-dumpxml</c> of each, <c>virConnectListAllNodeDevices</c>,
    /// <c>virNodeDeviceGetXMLDesc</c>; <c>virsh capabilities</c>).
    /// </summary>
    /// <param name="connection">The connection; a read-only one is enough.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <returns>
    /// What libvirt says now. A device that vanishes meanwhile, a description that cannot be understood: nothing throws, and
    /// <see cref="HostSnapshot.Unread"/> has it. One call a device: over a network that takes a while.
    /// </returns>
    /// <exception cref="LibvirtException">The driver has no node devices, or the connection is broken.</exception>
    public static HostSnapshot Capture(ILibvirtConnection connection, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var at = (timeProvider ?? TimeProvider.System).GetUtcNow();
        var unread = new UnreadSources();
        var descriptions = new List<string>();
        foreach (var device in connection.GetNodeDevices(NodeDeviceKinds.Any))
        {
            using (device)
            {
                try
                {
                    descriptions.Add(device.GetXml());
                }
                catch (LibvirtException error) when (error.Code == LibvirtErrorCode.NoNodeDevice)
                {
                    unread.Add(device.Name, UnreadSources.Vanished);
                }
            }
        }

        return Read(connection.Uri, descriptions, TryGetCapabilities(connection, unread), at, unread);
    }

    /// <summary>Makes a snapshot of what libvirt said elsewhere: the output of <c>virsh nodedev-dumpxml</c> and <c>virsh capabilities</c>.</summary>
    /// <param name="source">What <see cref="HostSnapshot.Source"/> is to be: the host's name, or the connection's URI.</param>
    /// <param name="nodeDevices">A <c>&lt;device&gt;</c> document each. Those of all kinds: a kind that is left out counts as not there.</param>
    /// <param name="capabilities">The <c>&lt;capabilities&gt;</c> document; null where it is not at hand.</param>
    /// <param name="capturedAt">When it was said; null: now.</param>
    /// <returns>The snapshot; what cannot be understood is in <see cref="HostSnapshot.Unread"/>.</returns>
    public static HostSnapshot Read(string source, IEnumerable<string> nodeDevices, string? capabilities = null, DateTimeOffset? capturedAt = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(nodeDevices);
        return Read(source, nodeDevices, capabilities, capturedAt ?? TimeProvider.System.GetUtcNow(), new UnreadSources());
    }

    private static HostSnapshot Read(
        string source, IEnumerable<string> nodeDevices, string? capabilities, DateTimeOffset at, UnreadSources unread)
    {
        var tree = new NodeDeviceTree(Parse(nodeDevices, unread));
        var devices = NodeDeviceFunctions.Read(tree, unread);
        var host = HostCapabilities.Parse(capabilities, unread);
        var groups = NodeDeviceGroups.Read(tree, host.HasIommu);
        var nothing = HostSystemReader.Read(new UnknownSysfs());
        var system = host.ApplyTo(nothing, tree) with
        {
            Iommu = nothing.Iommu with { GroupCount = NodeDeviceGroups.Count(groups, host.UnknownGroups(nothing.Iommu.GroupCount), host.HasIommu) },
            Usage = NodeDeviceUsage.Read(tree, nothing.Usage),
        };
        return new HostSnapshot(at, source, devices, groups, unread.ToImmutable()) { System = system };
    }

    private static List<NodeDeviceDescription> Parse(IEnumerable<string> nodeDevices, UnreadSources unread)
    {
        var descriptions = new List<NodeDeviceDescription>();
        foreach (var xml in nodeDevices)
        {
            try
            {
                descriptions.Add(NodeDeviceDescription.Parse(xml));
            }
            catch (LibvirtXmlException error)
            {
                unread.Add(NodeDeviceSource, error.Message);
            }
        }

        return descriptions;
    }

    private static string? TryGetCapabilities(ILibvirtConnection connection, UnreadSources unread)
    {
        try
        {
            return connection.GetCapabilities();
        }
        catch (LibvirtException error) when (error.Code == LibvirtErrorCode.NoSupport)
        {
            // nodedev:///system lists devices and knows no hypervisor.
            unread.Add(HostCapabilities.Source, error.NativeMessage);
            return null;
        }
    }
}
