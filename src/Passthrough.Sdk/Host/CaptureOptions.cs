using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host;

/// <summary>How much of a host is read into a snapshot. Everything that is not read is unknown there.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record CaptureOptions
{
    /// <summary>
    /// Gets the options of <see cref="PassthroughHost.Capture"/> if none are given: the functions, the groups and the rest of the host, without
    /// the details of single functions and without open handles. Every property has its default value.
    /// </summary>
    public static CaptureOptions Default { get; } = new();

    /// <summary>
    /// Gets the options that read all that a capture can read: also the details of every function, the vital product data, and who has the
    /// devices open. This needs root to be complete, and can take seconds.
    /// </summary>
    public static CaptureOptions Everything { get; } = new() { AllDetails = true, Isolation = true, VitalProductData = true, OpenHandles = true };

    /// <summary>The PCI functions and which group each is in, and nothing else: the least work.</summary>
    public static CaptureOptions DevicesOnly { get; } = new() { IommuGroupDetails = false, System = false };

    /// <summary>
    /// Whether the groups are walked for their types, reserved regions and members that are no PCI functions. Without,
    /// the groups are those the functions name. The default value is true.
    /// </summary>
    public bool IommuGroupDetails { get; init; } = true;

    /// <summary>
    /// Whether the rest of the host is read: firmware tables, CPU, kernel parameters, modules, what hangs on the
    /// devices. The default value is true.
    /// </summary>
    public bool System { get; init; } = true;

    /// <summary>
    /// The functions whose <see cref="PciDevice.Details"/> are read, some forty files each and the configuration space; an
    /// address the host does not have is passed over. On the live host the kernel is also asked whether somebody holds their disks
    /// (<see cref="Usage.BlockDevice.IsHeld"/>); this counts only with <see cref="System"/>. The default value is empty.
    /// </summary>
    public ImmutableArray<PciAddress> DetailsOf
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// Whether the details of every function are read, whatever <see cref="DetailsOf"/> says. Whether somebody holds a disk is then asked for
    /// all disks only with <see cref="OpenHandles"/>. The default value is false.
    /// </summary>
    public bool AllDetails { get; init; }

    /// <summary>
    /// Whether what explains shared groups is read: of the members of groups with more than one function and, where there is
    /// such a group, of every PCI bridge and port the configuration space, the bridges above and the buses below. The rest of
    /// their <see cref="PciDevice.Details"/> is null unless <see cref="DetailsOf"/> asks for it. The default value is false.
    /// </summary>
    public bool Isolation { get; init; }

    /// <summary>
    /// Whether the details have the vital product data, which takes root and, on some cards, a second each. The default value is false.
    /// </summary>
    public bool VitalProductData { get; init; }

    /// <summary>
    /// Whether the processes that have device nodes open are looked for, and the sockets and connections of network interfaces. This
    /// takes a look at every descriptor of every process and, for those of others, root. Counts only with <see cref="System"/>. The default value is false.
    /// </summary>
    public bool OpenHandles { get; init; }
}
