namespace Passthrough.Sdk.Host;

/// <summary>A device node below /dev.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Permissions">The permission bits of its mode.</param>
/// <param name="UserId">Its owner; null if the source does not report it.</param>
/// <param name="GroupId">Its owning group; null if the source does not report it.</param>
/// <param name="IsCharacterDevice">Whether it is a character device; false for a plain file or directory that took its place.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DeviceNode(string Path, UnixFileMode Permissions, uint? UserId, uint? GroupId, bool IsCharacterDevice)
{
    /// <summary>Returns whether the permission bits let that user read and write it; access lists and security modules may say otherwise.</summary>
    /// <param name="userId">The user's id; 0 may do everything.</param>
    /// <param name="groupIds">The groups of the user.</param>
    public bool AllowsReadWrite(uint userId, params ReadOnlySpan<uint> groupIds)
    {
        var shift = userId == UserId ? 6 : GroupId is { } group && groupIds.Contains(group) ? 3 : 0;
        return userId == 0 || (((int)Permissions >> shift) & 6) == 6;
    }

    /// <summary>Returns the path, the mode in octal, the owner and the group.</summary>
    public override string ToString() => $"{Path} {Convert.ToString((int)Permissions, 8).PadLeft(4, '0')} {UserId}:{GroupId}";
}
