using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

internal sealed unsafe partial class LinuxSysfs
{
    public int TryClaim(string path, string number)
    {
        // Under another root a node would be one of this machine all the same.
        if (IsConfined)
        {
            return Errno.NotImplemented;
        }

        // A node of another kind is not opened: that can rewind a tape or reset a card.
        var errno = TryStatus(path, out var status);
        if (errno != Errno.Success)
        {
            return errno;
        }

        if (status.Kind != FileKind.BlockDevice || status.DeviceNumber != number)
        {
            return Errno.NoDeviceOrAddress;
        }

        errno = Open(path, LibC.ReadOnly | LibC.Exclusive | FileFlags, out var file);
        if (errno == Errno.Success)
        {
            _ = LibC.Close(file);
        }

        return errno;
    }
}
