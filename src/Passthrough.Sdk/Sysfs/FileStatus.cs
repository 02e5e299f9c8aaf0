namespace Passthrough.Sdk.Sysfs;

/// <summary>The status of a path.</summary>
/// <param name="Kind">The kind of the file.</param>
/// <param name="Mode">The permission bits.</param>
/// <param name="UserId">The user id of the owner; null if the source does not report it.</param>
/// <param name="GroupId">The group that owns it; null if the source does not say.</param>
/// <param name="Size">Bytes; sysfs says 4096 whatever a file holds.</param>
internal readonly record struct FileStatus(FileKind Kind, UnixFileMode Mode, uint? UserId, uint? GroupId, long Size)
{
    /// <summary>The number of the device that a node stands for, <c>116:4</c>; null for what is no node, and where the source does not say.</summary>
    public string? DeviceNumber { get; init; }

    /// <summary>When the content was last changed; null if the source does not say, as in a captured host.</summary>
    public DateTimeOffset? Modified { get; init; }
}
