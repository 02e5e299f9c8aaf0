using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host;

/// <summary>What a host said about itself at one moment. Every verdict is a function of this and of nothing else.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostSnapshot
{
    internal HostSnapshot(
        DateTimeOffset capturedAt, string source, PciDeviceCollection devices, IommuGroupCollection groups, ImmutableArray<UnreadSource> unread)
    {
        CapturedAt = capturedAt;
        Source = source;
        Devices = devices;
        IommuGroups = groups;
        Unread = unread;
    }

    /// <summary>When it was captured.</summary>
    public DateTimeOffset CapturedAt { get; }

    /// <summary>What was read: <c>/</c> for this machine, else the directory or the archive.</summary>
    public string Source { get; }

    /// <summary>The PCI functions, in the order of their addresses.</summary>
    public PciDeviceCollection Devices { get; }

    /// <summary>The IOMMU groups, in the order of their numbers.</summary>
    public IommuGroupCollection IommuGroups { get; }

    /// <summary>What was there and could not be read, devices that vanished meanwhile included; empty when nothing was missed.</summary>
    public ImmutableArray<UnreadSource> Unread { get; }

    /// <summary>
    /// The rest of the host: kernel, firmware, modules, IOMMUs, VFIO. All of it is unknown where
    /// <see cref="CaptureOptions.System"/> did not ask for it.
    /// </summary>
    public HostSystem System { get; internal init; } = new();
}
