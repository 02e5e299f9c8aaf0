using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host;

/// <summary>The facts about a host at one moment. Every verdict is a function of a snapshot and of nothing else.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostSnapshot
{
    /// <summary>Creates a snapshot, for tests and for other sources than a host's files.</summary>
    /// <param name="capturedAt">The time of the capture.</param>
    /// <param name="source">The source: <c>/</c> for this machine, otherwise the directory or another name.</param>
    /// <param name="devices">The PCI functions.</param>
    /// <param name="groups">The IOMMU groups.</param>
    /// <param name="unread">The sources that exist but could not be read.</param>
    public HostSnapshot(
        DateTimeOffset capturedAt, string source, PciDeviceCollection devices, IommuGroupCollection groups, ValueList<UnreadSource> unread = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(groups);
        CapturedAt = capturedAt;
        Source = source;
        Devices = devices;
        IommuGroups = groups;
        Unread = unread;
    }

    /// <summary>Gets the time of the capture.</summary>
    public DateTimeOffset CapturedAt { get; }

    /// <summary>Gets the source: <c>/</c> for this machine, otherwise the directory or the archive.</summary>
    public string Source { get; }

    /// <summary>Gets the PCI functions, in the order of their addresses.</summary>
    public PciDeviceCollection Devices { get; }

    /// <summary>Gets the IOMMU groups, in the order of their numbers.</summary>
    public IommuGroupCollection IommuGroups { get; }

    /// <summary>Gets the sources that exist but could not be read, including devices that disappeared during the capture; empty if there are none.</summary>
    public ValueList<UnreadSource> Unread { get; }

    /// <summary>
    /// Gets the rest of the host: kernel, firmware, modules, IOMMUs, VFIO. All of it is unknown if
    /// <see cref="CaptureOptions.System"/> did not request it.
    /// </summary>
    public HostSystem System { get; init; } = new();
}
