using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host;

/// <summary>Options for a capture: how much of a host is read into the snapshot. Everything that is not read is unknown in it.</summary>
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

    /// <summary>Gets the options that read only the PCI functions and their groups, which is the fastest capture.</summary>
    public static CaptureOptions DevicesOnly { get; } = new() { IommuGroupDetails = false, System = false };

    /// <summary>
    /// Gets whether the types, reserved regions and members other than PCI functions are read for each group. If false,
    /// only the groups that the functions name are known. The default value is true.
    /// </summary>
    public bool IommuGroupDetails { get; init; } = true;

    /// <summary>
    /// Gets whether the rest of the host is read: firmware tables, CPU, kernel parameters, modules, and what uses the
    /// devices. The default value is true.
    /// </summary>
    public bool System { get; init; } = true;

    /// <summary>
    /// Gets the functions whose <see cref="PciDevice.Details"/> are read, some forty files each and the configuration space; an
    /// address that the host does not have is ignored. On the live host, the kernel is also asked whether anything holds their disks
    /// (<see cref="Usage.BlockDevice.IsHeld"/>); this counts only with <see cref="System"/>. The default value is empty.
    /// </summary>
    public ValueList<PciAddress> DetailsOf { get; init; } = [];

    /// <summary>
    /// Gets whether the details of every function are read, regardless of <see cref="DetailsOf"/>. Whether anything holds a disk is then asked for
    /// all disks only with <see cref="OpenHandles"/>. The default value is false.
    /// </summary>
    public bool AllDetails { get; init; }

    /// <summary>
    /// Gets whether the information that explains shared groups is read: for the members of groups with several functions and, if there is
    /// such a group, for every PCI bridge and port, the configuration space, the bridges above and the buses below. The rest of
    /// their <see cref="PciDevice.Details"/> is null unless <see cref="DetailsOf"/> requests it. The default value is false.
    /// </summary>
    public bool Isolation { get; init; }

    /// <summary>
    /// Gets whether the details include the vital product data. Reading it requires root and takes a second on some cards. The default value is false.
    /// </summary>
    public bool VitalProductData { get; init; }

    /// <summary>
    /// Gets whether the processes that have device nodes open are looked for, and the sockets and connections of network interfaces. This
    /// reads every descriptor of every process, which requires root for other users' processes. Used only with <see cref="System"/>. The default value is false.
    /// </summary>
    public bool OpenHandles { get; init; }
}
