using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Libvirt.NodeDevices;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Captures a host through its libvirt: the result is the same kind of snapshot, for a machine whose files are not accessible.</summary>
/// <remarks>
/// <para>
/// libvirt reports for a function its address, class (libvirt 5.2.0), vendor, device, driver, IOMMU group, NUMA node, physical
/// and virtual functions, PCI Express link, vital product data and mediated devices, and the network interfaces, disks, SCSI hosts,
/// graphics nodes and USB buses on it. For the host, it reports processors, memory, manufacturer, and whether there is an IOMMU
/// (but not on Xen: there its driver always reports no IOMMU).
/// Everything else is null or unknown: subsystem and revision, BARs, resets, the configuration space, mounts, addresses, kernel
/// parameters, firmware tables, modules.
/// </para>
/// <para>Thread safety: all members may be called from several threads at the same time.</para>
/// </remarks>
public static class LibvirtHost
{
    private const string NodeDeviceSource = "virNodeDeviceGetXMLDesc";

    /// <summary>
    /// Queries libvirt (<c>virsh nodedev-list</c> and <c>nodedev-dumpxml</c> for each device, <c>virConnectListAllNodeDevices</c>,
    /// <c>virNodeDeviceGetXMLDesc</c>; <c>virsh capabilities</c>).
    /// </summary>
    /// <param name="connection">The connection; a read-only one is enough.</param>
    /// <param name="timeProvider">The clock; null means the system clock.</param>
    /// <returns>
    /// The current state according to libvirt. A device that disappears during the capture, or a description that cannot be parsed,
    /// causes no exception; <see cref="HostSnapshot.Unread"/> lists it. Each device takes one call, which is slow over a network.
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

    /// <summary>Creates a snapshot from libvirt's descriptions of another host: the output of <c>virsh nodedev-dumpxml</c> and <c>virsh capabilities</c>.</summary>
    /// <param name="source">The value of <see cref="HostSnapshot.Source"/>: the host's name, or the connection's URI.</param>
    /// <param name="nodeDevices">One <c>&lt;device&gt;</c> document for each device, of all kinds: devices that are left out are treated as not existing.</param>
    /// <param name="capabilities">The <c>&lt;capabilities&gt;</c> document; null if it is not available.</param>
    /// <param name="capturedAt">The time of the descriptions; null means now.</param>
    /// <returns>The snapshot; <see cref="HostSnapshot.Unread"/> lists the documents that cannot be parsed.</returns>
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
        return new HostSnapshot(at, source, devices, groups, unread.ToValueList()) { System = system };
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
