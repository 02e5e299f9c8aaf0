using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

internal sealed unsafe partial class LinuxSysfs
{
    public int TryClaim(string path, string number)
    {
        var errno = OpenBlockDevice(path, number, LibC.Exclusive, out var file);
        if (errno == Errno.Success)
        {
            _ = LibC.Close(file);
        }

        return errno;
    }

    // Opens the block device of that number, for reading.
    private int OpenBlockDevice(string path, string number, int flags, out int file)
    {
        file = -1;

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

        return status.Kind == FileKind.BlockDevice && status.DeviceNumber == number
            ? Open(path, LibC.ReadOnly | flags | FileFlags, out file)
            : Errno.NoDeviceOrAddress;
    }
}
