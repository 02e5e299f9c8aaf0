namespace Passthrough.Sdk.Host.Usage;

/// <summary>A file system of the host that is mounted from a block device.</summary>
/// <param name="MountPoint">The path at which the file system is mounted.</param>
/// <param name="FileSystem">Its kind, <c>ext4</c>.</param>
/// <param name="Source">The device as the mount names it, <c>/dev/mapper/vg-root</c>.</param>
/// <param name="BlockDevice">The kernel's name of the block device that holds it, <c>dm-0</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BlockMount(string MountPoint, string FileSystem, string Source, string BlockDevice)
{
    /// <summary>
    /// Gets a process that has the file system mounted in another mount namespace, to which <see cref="MountPoint"/> refers; null
    /// where it is mounted in the namespace of this program or of init.
    /// </summary>
    public int? ProcessId { get; init; }

    /// <summary>Returns the mount in a few words, for example <c>/home (ext4 on sda1)</c>.</summary>
    public override string ToString() =>
        $"{MountPoint} ({FileSystem} on {BlockDevice}{(ProcessId is { } process ? $", in the mount namespace of process {process}" : "")})";
}
