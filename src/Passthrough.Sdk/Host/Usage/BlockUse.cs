namespace Passthrough.Sdk.Host.Usage;

/// <summary>One use of a block device that is neither swap nor a mount that a mount table shows.</summary>
/// <param name="Kind">The kind of the use.</param>
/// <param name="BlockDevice">The kernel's name of the block device that is used, <c>nvme0n1p2</c>.</param>
/// <param name="Name">
/// The name of the use in the tool that manages it: <c>vg/lv</c>, <c>md127</c>, the name of a mapping, the file system's kind, the
/// directory of a target's entry below /sys/kernel/config.
/// </param>
/// <param name="Source">The file that shows the use.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BlockUse(BlockUseKind Kind, string BlockDevice, string Name, string Source)
{
    /// <summary>Gets the kernel's name of the block device that is built on <see cref="BlockDevice"/>, <c>dm-0</c>; null if there is none.</summary>
    public string? UpperDevice { get; init; }

    /// <summary>Gets the command that ends the use; null if the library knows none.</summary>
    public string? EndCommand { get; init; }

    /// <summary>Returns the use in a few words, for example <c>the LVM volume vg/lv (dm-0) on nvme0n1p2</c>.</summary>
    public override string ToString() =>
        $"{Words}{(UpperDevice is { } upper && !Name.Contains(upper, StringComparison.Ordinal) ? $" ({upper})" : "")} on {BlockDevice}";

    private string Words => Kind switch
    {
        BlockUseKind.FileSystem => $"a file system ({Name})",
        BlockUseKind.Journal => $"the journal of a file system ({Name})",
        BlockUseKind.LogicalVolume => $"the LVM volume {Name}",
        BlockUseKind.RaidArray => $"the RAID array {Name}",
        BlockUseKind.Encryption => $"the encrypted volume {Name}",
        BlockUseKind.Multipath => $"the multipath map {Name}",
        BlockUseKind.Mapping => $"the device-mapper device {Name}",
        BlockUseKind.Cache => $"the bcache device {Name}",
        BlockUseKind.Replication => $"the DRBD device {Name}",
        BlockUseKind.Pool => $"the ZFS pool {Name}",
        BlockUseKind.MemoryDisk => $"the write-back of {Name}",
        BlockUseKind.LoopDevice => $"the loop device {Name}",
        BlockUseKind.NvmeTarget => $"the NVMe target {Name}",
        BlockUseKind.ScsiTarget => $"the SCSI target {Name}",
        BlockUseKind.OtherExport => Name,
        BlockUseKind.XenDisk => $"the disk {Name} of a Xen guest",
        _ => $"the block device {Name}",
    };
}
